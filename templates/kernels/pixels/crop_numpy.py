import numpy as np

from kernels.geometry.placement import Placement


def crop(x: np.ndarray, at: Placement) -> np.ndarray:
    """The part of the image that `at` keeps, as a view."""
    return x[-at.top : -at.top + at.h, -at.left : -at.left + at.w]
