import torch

from kernels.geometry.placement import Placement
from kernels.pixels.ground_torch import ground


def crop_filled(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """The part of images [..., h, w, c] that `at` keeps, on a ground of `fill`."""
    found = ground(x, at.h, at.w, fill)
    top, left = max(at.top, 0), max(at.left, 0)
    part = x[..., max(-at.top, 0) :, max(-at.left, 0) :, :][..., : at.h - top, : at.w - left, :]
    found[..., top : top + part.shape[-3], left : left + part.shape[-2], :] = part
    return found
