import torch


def best_first(
    scores: torch.Tensor, score: float, every_label: bool
) -> tuple[torch.Tensor, torch.Tensor]:
    """The boxes and classes whose score is above the bound, best first, ties in their order."""
    usable = torch.where(scores.isnan(), torch.full_like(scores, float("-inf")), scores)
    if every_label:
        found = (usable.to(torch.float64) > score).nonzero()
        rows, classes = found[:, 0], found[:, 1]
    else:
        best = usable.argmax(1)
        top = usable.gather(1, best[:, None])[:, 0]
        rows = (top.to(torch.float64) > score).nonzero()[:, 0]
        classes = best[rows]
    order = usable[rows, classes].sort(stable=True, dim=0, descending=True)[1]
    return rows[order], classes[order]
