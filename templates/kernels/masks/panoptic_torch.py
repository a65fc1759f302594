import torch


def panoptic(
    masks: torch.Tensor,
    scores: torch.Tensor,
    ids: torch.Tensor,
    score: float,
    mask: float,
    overlap: float,
    none: int | None,
    fuse: list[int],
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each pixel the number of its segment, and for each query that of its own; 0 is none."""
    kept = scores > torch.full_like(scores, score)
    if none is not None:
        kept = kept & (ids != none)
    weighed = masks * scores[..., None, None]
    lowest = torch.full_like(weighed, float("-inf"))
    weighed = torch.where(kept[..., None, None] & ~weighed.isnan(), weighed, lowest)
    best = weighed.amax(-3, keepdim=True)
    winner = (weighed == best).to(torch.uint8).argmax(-3)
    won = best.squeeze(-3) > float("-inf")
    queries = torch.arange(masks.shape[-3], device=masks.device)
    mine = (winner[..., None, :, :] == queries[:, None, None]) & won[..., None, :, :]
    own = mine.flatten(-2).sum(-1)
    every = (weighed >= torch.full_like(best, mask)).flatten(-2).sum(-1)
    share = own.to(torch.float32) / every.to(torch.float32)
    exists = (own > 0) & (every > 0) & (share.to(torch.float64) > overlap)
    of_query = numbered(exists, ids, queries, fuse)
    segments = of_query.gather(-1, winner.flatten(-2)).reshape(winner.shape)
    return torch.where(won, segments, torch.zeros_like(segments)), of_query


def numbered(
    exists: torch.Tensor, ids: torch.Tensor, queries: torch.Tensor, fuse: list[int]
) -> torch.Tensor:
    """The numbers of segments, from 1 on; those of a class that is fused have that of the first."""
    fused = torch.zeros_like(exists)
    for label in fuse:
        fused = fused | (ids == label)
    same = (ids[..., None] == ids[..., None, :]) & fused[..., None, :]
    same = (same | (queries[:, None] == queries)) & exists[..., None, :]
    first = same.to(torch.uint8).argmax(-1)
    numbers = (exists & (first == queries)).cumsum(-1)
    return torch.where(exists, numbers.gather(-1, first), torch.zeros_like(numbers))
