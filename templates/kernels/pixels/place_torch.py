import torch

from kernels.geometry.placement import Placement
from kernels.pixels.ground_torch import ground


def place(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """Images [..., h, w, c] where `at` puts them, on a ground of `fill`."""
    found = ground(x, at.h, at.w, fill)
    found[..., at.top : at.top + x.shape[-3], at.left : at.left + x.shape[-2], :] = x
    return found
