import numpy as np

from kernels.geometry.placement import Placement
from kernels.pixels.filled_numpy import filled


def place(x: np.ndarray, at: Placement, fill: np.ndarray | np.generic) -> np.ndarray:
    """The image where `at` puts it, on a ground of `fill`."""
    ground = np.empty((at.h, at.w, *x.shape[2:]), x.dtype)
    bottom, right = at.top + x.shape[0], at.left + x.shape[1]
    ground[: at.top] = fill
    ground[bottom:] = fill
    ground[at.top : bottom, : at.left] = fill
    ground[at.top : bottom, right:] = fill
    filled(ground[at.top : bottom, at.left : right], x)
    return ground
