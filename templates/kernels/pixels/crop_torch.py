import torch

from kernels.geometry.placement import Placement
from kernels.graphs.some_of_axis_torch import some_of_axis


def crop(x: torch.Tensor, at: Placement) -> torch.Tensor:
    """The part of images [..., h, w, c] that `at` keeps, as a view."""
    rows = some_of_axis(x, -3, -at.top, -at.top + at.h)
    return some_of_axis(rows, -2, -at.left, -at.left + at.w)
