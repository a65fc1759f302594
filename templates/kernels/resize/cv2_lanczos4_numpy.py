from functools import lru_cache

import numpy as np

from kernels.resize.convolved_whole_numpy import convolved_whole, whole_weights
from kernels.resize.cv2_lanczos4_taps_numpy import cv2_lanczos4_taps
from kernels.resize.whole_sums_numpy import whole_sums
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps, column_bands, row_taps


def cv2_lanczos4(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_LANCZOS4 on uint8."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    rows, columns = cv2_lanczos4_rows(sh, h), cv2_lanczos4_columns(sw, w)
    return whole_sums(x, rows, columns, convolved_whole)


@lru_cache(maxsize=64)
def cv2_lanczos4_rows(source: int, target: int) -> RowTaps:
    """The taps of each row."""
    return row_taps(*whole_weights(*cv2_lanczos4_taps(source, target)))


@lru_cache(maxsize=64)
def cv2_lanczos4_columns(source: int, target: int) -> ColumnBands:
    """The sums that are the columns."""
    return column_bands(*whole_weights(*cv2_lanczos4_taps(source, target)))
