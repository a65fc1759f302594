import torch


def best_candidates(scores: torch.Tensor, score: float) -> tuple[torch.Tensor, torch.Tensor]:
    """The boxes whose best score is above the bound, in their order, and these scores.

    All scores are read once, for the largest of each box; where one is NaN, so is the largest.
    Instead of the boxes stand the places of their first scores among all scores.
    """
    best = scores.amax(1)
    rows = (~(best.to(torch.float64) <= score)).nonzero()[:, 0]
    values = best[rows]
    if bool(values.isnan().any()):
        values = without_nan(scores[rows]).amax(1)
        above = values.to(torch.float64) > score
        rows, values = rows[above], values[above]
    return rows * scores.shape[1], values


def every_candidate(scores: torch.Tensor, score: float) -> tuple[torch.Tensor, torch.Tensor]:
    """The places among all scores of those above the bound, in their order, and these scores."""
    rows = (~(scores.amax(1).to(torch.float64) <= score)).nonzero()[:, 0]
    of_rows = scores[rows]
    found = (of_rows.to(torch.float64) > score).nonzero()
    places, classes = found[:, 0], found[:, 1]
    return rows[places] * scores.shape[1] + classes, of_rows[places, classes]


def without_nan(scores: torch.Tensor) -> torch.Tensor:
    return torch.where(scores.isnan(), torch.full_like(scores, float("-inf")), scores)


def best_first(values: torch.Tensor, left: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Of the candidates that are left about a thousand, best first, ties in their order; the rest.

    Those that equal the last one come with it, so that a tie is never parted.
    """
    of_left = values[left]
    rest = left[:0]
    if left.shape[0] > 1024:
        chosen = of_left >= of_left.topk(1024, sorted=False)[0].min()
        left, rest, of_left = left[chosen], left[~chosen], of_left[chosen]
    return left[of_left.sort(stable=True, dim=0, descending=True)[1]], rest
