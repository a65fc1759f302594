import numpy as np

from kernels.geometry.placement import Placement


def place_plane(plane: np.ndarray, x: np.ndarray, at: Placement, fill: np.generic) -> None:
    """Write one channel of the content where `at` puts it, and the fill round it."""
    bottom, right = at.top + x.shape[0], at.left + x.shape[1]
    plane[: at.top] = fill
    plane[bottom:] = fill
    plane[at.top : bottom, : at.left] = fill
    plane[at.top : bottom, right:] = fill
    plane[at.top : bottom, at.left : right] = x
