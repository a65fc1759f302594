import torch

from kernels.geometry.placement import Placement


def crop_filled(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """The part of the image that `at` keeps, on a ground of `fill`."""
    ground = fill.expand([at.h, at.w] + list(x.shape[2:])).clone()
    top, left = max(at.top, 0), max(at.left, 0)
    part = x[max(-at.top, 0) :, max(-at.left, 0) :][: at.h - top, : at.w - left]
    ground[top : top + part.shape[0], left : left + part.shape[1]] = part
    return ground
