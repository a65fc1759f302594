import torch
from torch._higher_order_ops.while_loop import while_loop

from kernels.boxes.lowered_torch import upright_shares


@torch.jit.script_if_tracing
def fused_boxes(
    boxes: torch.Tensor,
    scores: torch.Tensor,
    ids: torch.Tensor | None,
    score: float,
    iou: float,
    models: int,
    candidates: int,
    limit: int,
    every_label: bool,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Weighted means of boxes [..., n, 4] that overlap, best first, with zeros behind.

    It gives boxes, scores, classes, and how many there are; room is for `limit`, or in eager code
    for the most that a sample has. All shapes are known, so that a graph has the same loop.
    """
    leading = list(boxes.shape[:-2])
    samples = 1
    for size in leading:
        samples *= size
    boxes = boxes.reshape([samples] + list(boxes.shape[-2:]))
    scores = scores.reshape([samples] + list(scores.shape[-2:]))
    usable = torch.where(scores.isnan(), float("-inf"), scores)
    rows = torch.arange(scores.shape[1], device=boxes.device)
    if every_label:
        values = usable.flatten(1)
        columns = torch.arange(scores.shape[2], device=boxes.device).repeat(scores.shape[1])[None]
        rows = rows.repeat_interleave(scores.shape[2], output_size=values.shape[1])
    else:
        columns = usable.argmax(2)
        values = usable.gather(2, columns[..., None])[..., 0]
    labels = columns.expand(values.shape)
    if ids is not None:
        labels = ids.reshape([samples, ids.shape[-1]])[:, rows]
    values = torch.where(values.to(torch.float64) > score, values, float("-inf"))
    values, order = values.sort(stable=True, dim=1, descending=True)
    values, order = values[:, :candidates], order[:, :candidates]
    like, labels = (
        boxes[:, rows].gather(1, order[..., None].expand(-1, -1, 4)),
        labels.gather(1, order),
    )
    room = values.shape[1]
    sums = torch.zeros([samples, room, 5], dtype=torch.float64, device=boxes.device)
    of, counts = torch.zeros_like(labels), torch.zeros_like(order)
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        sums, of, counts = fused_in_graph(like, values, labels, sums, of, counts, iou)
    else:
        step = 0
        while step < room and values.numel() > 0 and bool((values[:, step] > float("-inf")).any()):
            sums, of, counts = joined(
                torch.tensor(step, device=boxes.device), like, values, labels, sums, of, counts, iou
            )
            step += 1
    n = torch.clamp((counts > 0).sum(dim=1), max=limit)
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        most = limit
    else:
        most = int(n.max()) if samples > 0 else 0
    fused = (sums[..., :4] / sums[..., 4:]).to(torch.float32)
    share = counts.clamp(max=models).to(torch.float64) / models
    found = (sums[..., 4] / counts * share).to(torch.float32)
    found = torch.where(counts > 0, found, float("-inf"))
    # places more, for where there is none
    found = torch.nn.functional.pad(found, [0, limit], value=float("-inf"))
    order = found.sort(stable=True, dim=1, descending=True)[1][:, :most]
    there = torch.arange(most, device=boxes.device) < n[:, None]
    fused = torch.nn.functional.pad(fused, [0, 0, 0, limit])
    fused = fused.gather(1, order[..., None].expand(-1, -1, 4))
    found, of = found.gather(1, order), torch.nn.functional.pad(of, [0, limit]).gather(1, order)
    return (
        torch.where(there[..., None], fused, 0.0).reshape(leading + [most, 4]),
        torch.where(there, found, 0.0).reshape(leading + [most]),
        torch.where(there, of, 0).reshape(leading + [most]),
        n.reshape(leading),
    )


def joined(
    step: torch.Tensor,
    like: torch.Tensor,
    values: torch.Tensor,
    labels: torch.Tensor,
    sums: torch.Tensor,
    of: torch.Tensor,
    counts: torch.Tensor,
    iou: float,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The sums, classes and counts of fused boxes once a box of each sample has joined them."""
    at = step.reshape(1)
    box, value, label = like[:, at], values[:, at], labels[:, at]
    there = counts > 0
    fused = (sums[..., :4] / sums[..., 4:]).to(torch.float32)
    shares = upright_shares(box, fused)
    joins = there & (of == label) & (shares.to(torch.float64) > iou)
    shares = torch.where(joins, shares, -1.0)
    best = (shares == shares.amax(1, keepdim=True)).to(torch.uint8).argmax(1, keepdim=True)
    place = torch.where(joins.any(1, keepdim=True), best, there.sum(dim=1, keepdim=True))
    here = torch.arange(counts.shape[1], device=like.device) == place
    here = here & (value > float("-inf"))
    weight = value.to(torch.float64)[..., None]
    added = torch.cat([weight * box.to(torch.float64), weight], dim=-1)
    return (
        torch.where(here[..., None], sums + added, sums),
        torch.where(here, label, of),
        counts + here,
    )


@torch.jit.unused
def fused_in_graph(
    like: torch.Tensor,
    values: torch.Tensor,
    labels: torch.Tensor,
    sums: torch.Tensor,
    of: torch.Tensor,
    counts: torch.Tensor,
    iou: float,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rounds in a loop of torch, which a graph has."""
    room = values.shape[1]
    like, values = like.detach(), values.detach()

    def more(
        step: torch.Tensor, sums: torch.Tensor, of: torch.Tensor, counts: torch.Tensor
    ) -> torch.Tensor:
        return step < room

    def join(
        step: torch.Tensor, sums: torch.Tensor, of: torch.Tensor, counts: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        return step + 1, *joined(step, like, values, labels, sums, of, counts, iou)

    zero = torch.zeros((), dtype=torch.int64, device=like.device)
    _, sums, of, counts = while_loop(more, join, (zero, sums, of, counts))
    return sums, of, counts
