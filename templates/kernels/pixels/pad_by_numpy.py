import numpy as np

from kernels.geometry.placement import Placement
from kernels.pixels.border_places_numpy import border_places


def pad_by(x: np.ndarray, at: Placement, mode: str) -> np.ndarray:
    """The image with a border of its own pixels."""
    rows = border_places(x.shape[0], at.top, at.h, mode)
    return x[rows].take(border_places(x.shape[1], at.left, at.w, mode), axis=1)
