import torch

from kernels.geometry.placement import Placement


def place(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """Images [..., h, w, c] where `at` puts them, on a ground of `fill`."""
    ground = x.new_empty(list(x.shape[:-3]) + [at.h, at.w, x.shape[-1]]).copy_(fill)
    ground[..., at.top : at.top + x.shape[-3], at.left : at.left + x.shape[-2], :] = x
    return ground
