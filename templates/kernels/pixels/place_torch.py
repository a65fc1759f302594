import torch

from kernels.geometry.placement import Placement


def place(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """Images [..., h, w, c] where `at` puts them, on a ground of `fill`."""
    ground = fill.expand(list(x.shape[:-3]) + [at.h, at.w, x.shape[-1]]).clone()
    ground[..., at.top : at.top + x.shape[-3], at.left : at.left + x.shape[-2], :] = x
    return ground
