import torch
from torch._higher_order_ops.while_loop import while_loop

from kernels.boxes.lowered_torch import lowered


@torch.jit.script_if_tracing
def in_turn(
    boxes: torch.Tensor,
    scores: torch.Tensor,
    ids: torch.Tensor | None,
    score: float,
    measure: str,
    bound: float,
    sigma: float,
    per_class: bool,
    limit: int,
    every_label: bool,
    candidates: int | None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Boxes [..., n, k] that are picked by scores [..., n, class], best first, with zeros behind.

    The best is picked, and lowers the scores of the others or drops them, until none is left. It
    gives boxes, scores, classes, rows, and how many there are; room is for `limit`, or in eager
    code for the most that a sample has. All shapes are known, so that a graph has the same loop.
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
    values = torch.where(values.to(torch.float64) > score, values, float("-inf"))
    columns = columns.expand(values.shape)
    if candidates is not None:
        order = values.sort(stable=True, dim=1, descending=True)[1]
        values = torch.where(order.argsort(1) < candidates, values, float("-inf"))
    labels = columns
    if ids is not None:
        labels = ids.reshape([samples, ids.shape[-1]])[:, rows]
    like = boxes[:, rows]
    picked = torch.zeros([samples, limit], dtype=torch.int64, device=boxes.device)
    decayed = scores.new_zeros([samples, limit])
    counts = torch.zeros([samples], dtype=torch.int64, device=boxes.device)
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        picked, decayed, counts = rounds_in_graph(
            like, labels, values, picked, decayed, counts, score, measure, bound, sigma, per_class
        )
    else:
        step = 0
        while step < limit and values.numel() > 0 and bool((values > float("-inf")).any()):
            values, picked, decayed, counts = one_round(
                torch.tensor(step, device=boxes.device), like, labels, values, picked, decayed,
                counts, score, measure, bound, sigma, per_class,
            )  # fmt: skip
            step += 1
        if not torch.jit.is_scripting():
            picked, decayed = picked[:, :step], decayed[:, :step]
    there = torch.arange(picked.shape[1], device=boxes.device) < counts[:, None]
    none = torch.zeros_like(picked)
    if values.shape[1] == 0:  # there is nothing to be picked
        found_boxes = boxes.new_zeros([samples, picked.shape[1], boxes.shape[2]])
        found_rows, found_classes = none, none
    else:
        found_rows = torch.where(there, rows[picked], none)
        found_classes = torch.where(there, labels.gather(1, picked), none)
        chosen = boxes.gather(1, found_rows[..., None].expand(-1, -1, boxes.shape[2]))
        found_boxes = torch.where(there[..., None], chosen, torch.zeros_like(chosen))
    room = picked.shape[1]
    return (
        found_boxes.reshape(leading + [room, boxes.shape[2]]),
        decayed.reshape(leading + [room]),
        found_classes.reshape(leading + [room]),
        found_rows.reshape(leading + [room]),
        counts.reshape(leading),
    )


def one_round(
    step: torch.Tensor,
    like: torch.Tensor,
    labels: torch.Tensor,
    values: torch.Tensor,
    picked: torch.Tensor,
    decayed: torch.Tensor,
    counts: torch.Tensor,
    score: float,
    measure: str,
    bound: float,
    sigma: float,
    per_class: bool,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of each sample the best box picked, and what it leaves of the scores of the others."""
    best = values.amax(1, keepdim=True)
    place = (values == best).to(torch.uint8).argmax(1, keepdim=True)
    alive = best > float("-inf")
    box = like.gather(1, place[..., None].expand(-1, -1, like.shape[2]))
    left = lowered(box, like, values, measure, bound, sigma)
    if per_class:
        left = torch.where(labels.gather(1, place) == labels, left, values)
    stays = (values > float("-inf")) & (left.to(torch.float64) > score)
    stays = stays & (torch.arange(values.shape[1], device=values.device) != place)
    here = (torch.arange(picked.shape[1], device=values.device) == step) & alive
    return (
        torch.where(stays, left, float("-inf")),
        torch.where(here, place, picked),
        torch.where(here, best, decayed),
        counts + alive[:, 0],
    )


@torch.jit.unused
def rounds_in_graph(
    like: torch.Tensor,
    labels: torch.Tensor,
    values: torch.Tensor,
    picked: torch.Tensor,
    decayed: torch.Tensor,
    counts: torch.Tensor,
    score: float,
    measure: str,
    bound: float,
    sigma: float,
    per_class: bool,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rounds in a loop of torch, which a graph has."""
    limit = picked.shape[1]

    def more(
        step: torch.Tensor,
        values: torch.Tensor,
        picked: torch.Tensor,
        decayed: torch.Tensor,
        counts: torch.Tensor,
    ) -> torch.Tensor:
        return (step < limit) & (values > float("-inf")).any()

    def pick(
        step: torch.Tensor,
        values: torch.Tensor,
        picked: torch.Tensor,
        decayed: torch.Tensor,
        counts: torch.Tensor,
    ) -> tuple[torch.Tensor, ...]:
        found = one_round(
            step, like, labels, values, picked, decayed, counts, score, measure, bound, sigma,
            per_class,
        )  # fmt: skip
        return step + 1, *found

    zero = torch.zeros((), dtype=torch.int64, device=like.device)
    start = (zero, values.detach(), picked, decayed, counts)
    _, _, picked, decayed, counts = while_loop(more, pick, start)
    return picked, decayed, counts
