import torch

from kernels.boxes.greedy_torch import greedy
from kernels.boxes.nms_in_graph_torch import nms_in_graph


@torch.jit.script_if_tracing
def nms(
    boxes: torch.Tensor,
    scores: torch.Tensor,
    ids: torch.Tensor | None,
    score: float,
    iou: float,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
    limit_per_class: int | None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Greedy non-maximum suppression of boxes [..., n, 4] with scores [..., n, class], best first.

    It gives the boxes that are kept, their scores, their classes and their rows, each with zeros
    behind, and how many there are: room is for `limit`, or in eager code for the most that a
    sample has. Bounds are the largest float32 that are not above those of the step: the same scores
    are above.
    """
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return nms_in_graph(
            boxes, scores, ids, score, iou, per_class, limit, every_label, candidates,
            limit_per_class,
        )  # fmt: skip
    leading = list(boxes.shape[:-2])
    if len(leading) == 0 and not torch.jit.is_scripting():
        rows, columns = greedy(
            boxes, scores, ids, score, iou, per_class, limit, every_label, candidates,
            limit_per_class,
        )  # fmt: skip
        classes = columns if ids is None else ids[rows]
        count = torch.full([], rows.shape[0], device=rows.device)
        return boxes[rows], scores[rows, columns], classes, rows, count
    samples = 1
    for size in leading:
        samples *= size
    boxes = boxes.reshape([samples] + list(boxes.shape[-2:]))
    scores = scores.reshape([samples] + list(scores.shape[-2:]))
    of_rows: list[torch.Tensor] = []
    of_columns: list[torch.Tensor] = []
    room = 0
    for i in range(samples):
        row, column = greedy(
            boxes[i],
            scores[i],
            None if ids is None else ids.reshape([samples, ids.shape[-1]])[i],
            score,
            iou,
            per_class,
            limit,
            every_label,
            candidates,
            limit_per_class,
        )
        of_rows.append(row)
        of_columns.append(column)
        room = max(room, row.shape[0])
    if torch.jit.is_scripting():
        room = limit
    found_boxes = boxes.new_zeros([samples, room, 4])
    found_scores = scores.new_zeros([samples, room])
    found_classes = torch.zeros([samples, room], dtype=torch.int64, device=boxes.device)
    found_rows = torch.zeros_like(found_classes)
    counts = [row.shape[0] for row in of_rows]
    for i in range(samples):
        found_boxes[i, : counts[i]] = boxes[i][of_rows[i]]
        found_scores[i, : counts[i]] = scores[i][of_rows[i], of_columns[i]]
        if ids is None:
            found_classes[i, : counts[i]] = of_columns[i]
        else:
            of_all = ids.reshape([samples, ids.shape[-1]])
            found_classes[i, : counts[i]] = of_all[i][of_rows[i]]
        found_rows[i, : counts[i]] = of_rows[i]
    count = torch.tensor(counts, dtype=torch.int64, device=boxes.device)
    return (
        found_boxes.reshape(leading + [room, 4]),
        found_scores.reshape(leading + [room]),
        found_classes.reshape(leading + [room]),
        found_rows.reshape(leading + [room]),
        count.reshape(leading),
    )
