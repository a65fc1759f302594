import numpy as np

from kernels.geometry.placement import Placement


def crop_filled(x: np.ndarray, at: Placement, fill: np.ndarray | np.generic) -> np.ndarray:
    """The part of the image that `at` keeps, on a ground of `fill`."""
    ground = np.empty((at.h, at.w, *x.shape[2:]), x.dtype)
    ground[:] = fill
    top, left = max(at.top, 0), max(at.left, 0)
    part = x[max(-at.top, 0) :, max(-at.left, 0) :][: at.h - top, : at.w - left]
    ground[top : top + part.shape[0], left : left + part.shape[1]] = part
    return ground
