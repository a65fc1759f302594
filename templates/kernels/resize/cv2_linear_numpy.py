from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.as_planes_numpy import as_planes
from kernels.resize.cv2_places_numpy import cv2_places
from kernels.resize.halved_numpy import halved
from kernels.resize.interpolated_numpy import interpolated
from kernels.resize.linear_taps_numpy import LinearTaps, column_taps, row_taps
from kernels.resize.window_of import window_of


def cv2_linear(x: np.ndarray, h: int, w: int, part: Placement | None = None) -> np.ndarray:
    """OpenCV's INTER_LINEAR on uint8, in its fixed point, or a part of its result."""
    sh, sw = x.shape[:2]
    top, bottom, left, right = window_of(part, h, w)
    if (sh, sw) == (h, w):
        return x[top:bottom, left:right].copy()
    if (sh, sw) == (2 * h, 2 * w):
        return halved(x[2 * top : 2 * bottom, 2 * left : 2 * right])
    if (sh, sw) == (3 * h, 3 * w):  # the middle of each block has all the weight
        return as_planes(x[3 * top + 1 : 3 * bottom : 3, 3 * left + 1 : 3 * right : 3])
    c = x.size // (sh * sw)
    rows = cv2_linear_rows(sh, h).part(top, bottom)
    columns = cv2_linear_columns(sw, w, c).part(left * c, right * c)
    found = interpolated(x.reshape(sh, -1), rows, columns)
    return found.reshape(bottom - top, right - left, *x.shape[2:])


@lru_cache(maxsize=64)
def cv2_linear_rows(source: int, target: int) -> LinearTaps:
    """The taps of each row."""
    return row_taps(*cv2_places(source, target), source)


@lru_cache(maxsize=64)
def cv2_linear_columns(source: int, target: int, channels: int) -> LinearTaps:
    """The taps of each value in a row of pixels."""
    return column_taps(*cv2_places(source, target), source, channels)
