import torch
from torch._higher_order_ops.while_loop import while_loop

from kernels.boxes.overlaps_torch import overlaps


@torch.jit.unused
def nms_in_graph(
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
    """What `nms` gives, in a loop whose shapes are known: it picks the best and drops its like.

    A graph has no shape that depends on data, and its loop is one of torch.
    """
    leading = list(boxes.shape[:-2])
    samples = 1
    for size in leading:
        samples *= size
    boxes = boxes.reshape([samples] + list(boxes.shape[-2:]))
    scores = scores.reshape([samples] + list(scores.shape[-2:]))
    usable = torch.where(scores.isnan(), float("-inf"), scores)
    if every_label:
        values = usable.flatten(1)
        columns = torch.arange(scores.shape[2], device=boxes.device).repeat(scores.shape[1])[None]
        rows = torch.arange(scores.shape[1], device=boxes.device)
        rows = rows.repeat_interleave(scores.shape[2], output_size=values.shape[1])
    else:
        columns = usable.argmax(2)
        values = usable.gather(2, columns[..., None])[..., 0]
        rows = torch.arange(scores.shape[1], device=boxes.device)
    values = torch.where(values > score, values, float("-inf"))
    columns = columns.expand(values.shape[0], -1)
    places = torch.arange(values.shape[1], device=boxes.device)
    if candidates is not None:
        order = values.sort(stable=True, dim=1, descending=True)[1]
        values = torch.where(order.argsort(1) < candidates, values, float("-inf"))
    labels = columns
    if ids is not None:
        labels = ids.reshape([samples, ids.shape[-1]])
    numbers = torch.arange(limit, device=boxes.device)
    like = boxes[:, rows]

    def more(
        step: torch.Tensor, left: torch.Tensor, picked: torch.Tensor, count: torch.Tensor
    ) -> torch.Tensor:
        return (step < limit) & (left > float("-inf")).any()

    def pick(
        step: torch.Tensor, left: torch.Tensor, picked: torch.Tensor, count: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        best = left.amax(1, keepdim=True)
        place = (left == best).to(torch.uint8).argmax(1, keepdim=True)
        alive = best > float("-inf")
        drop = overlaps(like.gather(1, place[..., None].expand(-1, -1, 4)), like, iou)[:, 0]
        if per_class:
            drop = drop & (labels.gather(1, place) == labels)
        gone = (
            drop
            if limit_per_class is None
            else drop
            | of_full_class(labels, picked, numbers < count[:, None], place, limit_per_class)
        )
        left = torch.where(gone | (places == place), float("-inf"), left)
        picked = torch.where((numbers == step) & alive, place, picked)
        return step + 1, left, picked, count + alive[:, 0]

    zero = torch.zeros((), dtype=torch.int64, device=boxes.device)
    picked = torch.zeros((boxes.shape[0], limit), dtype=torch.int64, device=boxes.device)
    counts = torch.zeros(boxes.shape[0], dtype=torch.int64, device=boxes.device)
    _, _, picked, counts = while_loop(more, pick, (zero, values.detach(), picked, counts))
    found = numbers < counts[:, None]
    row = rows[picked]
    column = columns.gather(1, picked)
    label = labels.gather(1, picked)
    chosen = boxes.gather(1, row[..., None].expand(-1, -1, 4))
    value = scores.gather(1, row[..., None].expand(-1, -1, scores.shape[2]))
    value = value.gather(2, column[..., None])[..., 0]
    return (
        torch.where(found[..., None], chosen, torch.zeros_like(chosen)).reshape(
            [*leading, limit, 4]
        ),
        torch.where(found, value, torch.zeros_like(value)).reshape([*leading, limit]),
        torch.where(found, label, torch.zeros_like(label)).reshape([*leading, limit]),
        torch.where(found, row, torch.zeros_like(row)).reshape([*leading, limit]),
        counts.reshape(leading),
    )


def of_full_class(
    labels: torch.Tensor,
    picked: torch.Tensor,
    is_picked: torch.Tensor,
    place: torch.Tensor,
    limit_per_class: int,
) -> torch.Tensor:
    """The boxes of the class of the one that is picked now, where that class is full with it."""
    label = labels.gather(1, place)
    before = (labels.gather(1, picked) == label) & is_picked
    return (labels == label) & (before.sum(dim=1, keepdim=True) + 1 >= limit_per_class)
