import numpy as np

from kernels.common.geometry import Geometry


def place(x: np.ndarray, at: Geometry, fill: np.ndarray | np.generic) -> np.ndarray:
    """The image where `at` puts it, on a ground of `fill`."""
    ground = np.empty((at.h, at.w, *x.shape[2:]), x.dtype)
    ground[:] = fill
    ground[at.top : at.top + x.shape[0], at.left : at.left + x.shape[1]] = x
    return ground
