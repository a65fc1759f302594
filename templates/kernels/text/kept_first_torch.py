import torch


def kept_first(
    ids: torch.Tensor, scores: torch.Tensor, kept: torch.Tensor, sign: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The ids of characters and the scores of the steps that are kept, before zeros, and how many.

    Characters are counted without the class of the sign.
    """
    steps = torch.arange(ids.shape[-1], device=ids.device)
    order = torch.where(kept, steps, steps + ids.shape[-1]).argsort(dim=-1)
    count = kept.sum(dim=-1)
    there = steps < count[..., None]
    ids = ids.gather(-1, order)
    ids = torch.where(there, ids - (ids > sign).to(torch.int64), 0)
    scores = scores.gather(-1, order)
    return ids, torch.where(there, scores, torch.zeros_like(scores)), count
