import torch

from kernels.geometry.placement import Placement


def place(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """The image where `at` puts it, on a ground of `fill`."""
    ground = fill.expand([at.h, at.w] + list(x.shape[2:])).clone()
    ground[at.top : at.top + x.shape[0], at.left : at.left + x.shape[1]] = x
    return ground
