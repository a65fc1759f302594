import torch


def to_gray(x: torch.Tensor, weights: torch.Tensor, shift: int) -> torch.Tensor:
    """The luma of uint8 [h, w, c] as [h, w, 1]: weights in channel order, in units of 2**-shift."""
    total = (x.to(torch.int32) * weights).sum(2, keepdim=True, dtype=torch.int32)
    return ((total + (1 << (shift - 1))) >> shift).to(torch.uint8)
