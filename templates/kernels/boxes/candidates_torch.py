import torch


def best_candidates(
    scores: torch.Tensor, score: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The boxes whose best score is above the bound, in their order, and these scores.

    All scores are read once, for the largest of each box; where one is NaN, so is the largest.
    Before them stand the scores without NaN, whose largest are those.
    """
    best = scores.amax(1)
    if best.shape[0] > 0 and bool(best.max().isnan()):
        scores = torch.where(scores.isnan(), torch.full_like(scores, float("-inf")), scores)
        best = scores.amax(1)
    rows = (best > score).nonzero()[:, 0]
    return scores, rows, best.index_select(0, rows)


def every_candidate(
    scores: torch.Tensor, score: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rows and columns of the scores above the bound, in their order, and these scores."""
    rows = (~(scores.amax(1) <= score)).nonzero()[:, 0]
    of_rows = scores[rows]
    places, columns = (of_rows > score).nonzero().unbind(1)
    return rows[places], columns, of_rows[places, columns]


def best_first(values: torch.Tensor, most: int) -> torch.Tensor:
    """Which scores are the best `most` of all, best first and ties in their order.

    Those that equal the last one come with it, so that a tie is never parted.
    """
    if values.shape[0] <= most:
        return values.sort(stable=True, dim=0, descending=True)[1]
    chosen = (values >= values.topk(most, sorted=False)[0].min()).nonzero()[:, 0]
    order = values.index_select(0, chosen).sort(stable=True, dim=0, descending=True)[1]
    return chosen.index_select(0, order)
