import torch
from torch.nn.functional import pad

from kernels.graphs.open_sizes_torch import refuse_open


def kept_confidence(scores: torch.Tensor, kept: torch.Tensor, product: bool) -> torch.Tensor:
    """The mean or the product of the scores of steps that are kept, 0 where none is.

    In float64, the second half on the first again and again: an order that any library can keep.
    """
    neutral = 1.0 if product else 0.0
    x = pad(torch.where(kept, scores.to(torch.float64), neutral), [0, 1], value=neutral)
    n = x.shape[-1]
    refuse_open("a confidence of steps", [n])
    while n > 1:
        half = (n + 1) // 2
        first, second = x[..., : n - half], x[..., half:n]
        both = first * second if product else first + second
        x = torch.cat([both, x[..., n - half : half]], dim=-1)
        n = half
    count = kept.sum(dim=-1)
    whole = x[..., 0] if product else x[..., 0] / count.clamp(min=1)
    return torch.where(count > 0, whole, 0.0).to(torch.float32)
