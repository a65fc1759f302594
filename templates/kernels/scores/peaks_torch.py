import torch
from torch.nn.functional import max_pool2d


def peaks(x: torch.Tensor, window: int) -> torch.Tensor:
    """The numbers of f32[..., h, w] that none in a square about them is above; 0 for the others."""
    nan = x.isnan()
    known = torch.where(nan, float("-inf"), x)
    planes = known.reshape([-1, 1] + list(x.shape[-2:]))
    largest = max_pool2d(planes, window, 1, window // 2).reshape(x.shape)
    return torch.where((known == largest) & ~nan, x, 0.0)
