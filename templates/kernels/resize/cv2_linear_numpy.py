from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.as_planes_numpy import as_planes
from kernels.resize.cv2_places_numpy import cv2_places
from kernels.resize.halved_numpy import halved
from kernels.resize.interpolated_numpy import (
    interpolated,
    interpolated_columns,
    interpolated_rows,
)
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps
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
    rows = cv2_linear_rows(sh, h, top, bottom)
    return interpolated(x, rows, cv2_linear_columns(sw, w, left, right))


@lru_cache(maxsize=64)
def cv2_linear_rows(source: int, target: int, first: int, end: int) -> RowTaps:
    """The taps of some of the target rows."""
    place, fraction = cv2_places(source, target)
    return interpolated_rows(place[first:end], fraction[first:end], source)


@lru_cache(maxsize=64)
def cv2_linear_columns(source: int, target: int, first: int, end: int) -> ColumnBands:
    """The sums that are some of the target columns."""
    place, fraction = cv2_places(source, target)
    return interpolated_columns(place[first:end], fraction[first:end], source)
