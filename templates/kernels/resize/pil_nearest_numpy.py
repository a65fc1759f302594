from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.picked_pixels_numpy import picked_pixels
from kernels.resize.pil_places import pil_places
from kernels.resize.window_of import window_of


def pil_nearest(x: np.ndarray, h: int, w: int, part: Placement | None = None) -> np.ndarray:
    """Pillow's NEAREST, or a part of its result."""
    top, bottom, left, right = window_of(part, h, w)
    rows, columns = pil_nearest_at(x.shape[0], h), pil_nearest_at(x.shape[1], w)
    return picked_pixels(x, rows[top:bottom], columns[left:right])


@lru_cache(maxsize=64)
def pil_nearest_at(source: int, target: int) -> np.ndarray:
    """`pil_places` as an array."""
    return np.array(pil_places(source, target))
