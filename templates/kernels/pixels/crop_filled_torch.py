import torch

from kernels.geometry.placement import Placement


def crop_filled(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """The part of images [..., h, w, c] that `at` keeps, on a ground of `fill`."""
    ground = fill.expand(list(x.shape[:-3]) + [at.h, at.w, x.shape[-1]]).clone()
    top, left = max(at.top, 0), max(at.left, 0)
    part = x[..., max(-at.top, 0) :, max(-at.left, 0) :, :][..., : at.h - top, : at.w - left, :]
    ground[..., top : top + part.shape[-3], left : left + part.shape[-2], :] = part
    return ground
