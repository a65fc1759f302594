import torch

from kernels.geometry.placement import Placement


def crop(x: torch.Tensor, at: Placement) -> torch.Tensor:
    """The part of images [..., h, w, c] that `at` keeps, as a view."""
    return x[..., -at.top : -at.top + at.h, -at.left : -at.left + at.w, :]
