from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.picked_pixels_numpy import picked_pixels
from kernels.resize.window_of import window_of


def torch_nearest(
    x: np.ndarray, h: int, w: int, offset: float, part: Placement | None = None
) -> np.ndarray:
    """torch's nearest pixels (nearest_exact with an offset of 0.5), or a part of the result."""
    top, bottom, left, right = window_of(part, h, w)
    rows = torch_nearest_at(x.shape[0], h, offset)
    columns = torch_nearest_at(x.shape[1], w, offset)
    return picked_pixels(x, rows[top:bottom], columns[left:right])


@lru_cache(maxsize=64)
def torch_nearest_at(source: int, target: int, offset: float) -> np.ndarray:
    """The source pixel of each target pixel, computed in float32."""
    scale = np.float32(source) / np.float32(target)
    place = (np.arange(target, dtype=np.float32) + np.float32(offset)) * scale
    return np.minimum(place.astype(np.int64), source - 1)
