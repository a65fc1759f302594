import torch

from kernels.geometry.geometry import Geometry


def crop(x: torch.Tensor, at: Geometry) -> torch.Tensor:
    """The part of the image that `at` keeps, as a view."""
    return x[-at.top : -at.top + at.h, -at.left : -at.left + at.w]
