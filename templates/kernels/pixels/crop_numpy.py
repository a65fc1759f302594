import numpy as np

from kernels.geometry.geometry import Geometry


def crop(x: np.ndarray, at: Geometry) -> np.ndarray:
    """The part of the image that `at` keeps, as a view."""
    return x[-at.top : -at.top + at.h, -at.left : -at.left + at.w]
