import torch

from kernels.boxes.greedy_torch import greedy
from kernels.boxes.nms_in_graph_torch import nms_in_graph


@torch.jit.script_if_tracing
def nms(
    boxes: torch.Tensor,
    scores: torch.Tensor,
    score: float,
    iou: float,
    per_class: bool,
    limit: int,
    every_label: bool,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Greedy non-maximum suppression of boxes [..., n, 4] with scores [..., n, class], best first.

    It gives the boxes that are kept, their scores and their classes, each with zeros behind, and
    how many there are: room is for `limit`, or in eager code for the most that a sample has.
    """
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return nms_in_graph(boxes, scores, score, iou, per_class, limit, every_label)
    leading = list(boxes.shape[:-2])
    samples = 1
    for size in leading:
        samples *= size
    boxes = boxes.reshape([samples] + list(boxes.shape[-2:]))
    scores = scores.reshape([samples] + list(scores.shape[-2:]))
    rows: list[torch.Tensor] = []
    classes: list[torch.Tensor] = []
    room = 0
    for i in range(boxes.shape[0]):
        row, label = greedy(boxes[i], scores[i], score, iou, per_class, limit, every_label)
        rows.append(row)
        classes.append(label)
        room = max(room, row.shape[0])
    if torch.jit.is_scripting():
        room = limit
    found_boxes = boxes.new_zeros([len(rows), room, 4])
    found_scores = scores.new_zeros([len(rows), room])
    found_classes = torch.zeros([len(rows), room], dtype=torch.int64, device=boxes.device)
    counts = [row.shape[0] for row in rows]
    for i in range(len(rows)):
        found_boxes[i, : counts[i]] = boxes[i][rows[i]]
        found_scores[i, : counts[i]] = scores[i][rows[i], classes[i]]
        found_classes[i, : counts[i]] = classes[i]
    count = torch.tensor(counts, dtype=torch.int64, device=boxes.device)
    return (
        found_boxes.reshape(leading + [room, 4]),
        found_scores.reshape(leading + [room]),
        found_classes.reshape(leading + [room]),
        count.reshape(leading),
    )
