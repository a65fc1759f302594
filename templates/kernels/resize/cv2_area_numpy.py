from functools import lru_cache

import numpy as np

from kernels.resize.block_means_numpy import block_means
from kernels.resize.cv2_area_passes_numpy import cv2_area_passes
from kernels.resize.cv2_area_places_numpy import cv2_area_places
from kernels.resize.halved_numpy import halved
from kernels.resize.interpolated_numpy import (
    interpolated,
    interpolated_columns,
    interpolated_rows,
)
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps


def cv2_area(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_AREA on uint8."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    if h > sh or w > sw:
        return interpolated(x, cv2_area_rows(sh, h), cv2_area_columns(sw, w))
    if (sh, sw) == (2 * h, 2 * w):
        return halved(x)
    if sh % h == 0 and sw % w == 0:
        part = np.float32(1 / ((sh // h) * (sw // w)))
        return block_means(
            x, sh // h, sw // w, lambda total: np.rint(total.astype(np.float32) * part)
        )
    return np.rint(cv2_area_passes(x, h, w)).clip(0, 255).astype(np.uint8)


@lru_cache(maxsize=64)
def cv2_area_rows(source: int, target: int) -> RowTaps:
    """For an enlargement: the taps of each row."""
    return interpolated_rows(*cv2_area_places(source, target), source)


@lru_cache(maxsize=64)
def cv2_area_columns(source: int, target: int) -> ColumnBands:
    """For an enlargement: the sums that are the columns."""
    return interpolated_columns(*cv2_area_places(source, target), source)
