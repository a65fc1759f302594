from functools import lru_cache, partial

import numpy as np

from kernels.resize.convolved_whole_numpy import convolved_whole, whole_weights
from kernels.resize.cv2_cubic_taps_numpy import cv2_cubic_taps
from kernels.resize.whole_sums_numpy import whole_sums
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps, column_bands, row_taps


def cv2_cubic(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_CUBIC on uint8, as it computes without IPP."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    down = partial(cubic_down, x.size // (sh * sw))
    return whole_sums(x, cv2_cubic_rows(sh, h), cv2_cubic_columns(sw, w), down)


@lru_cache(maxsize=64)
def cv2_cubic_rows(source: int, target: int) -> RowTaps:
    """The taps of each row."""
    return row_taps(*whole_weights(*cv2_cubic_taps(source, target)))


@lru_cache(maxsize=64)
def cv2_cubic_columns(source: int, target: int) -> ColumnBands:
    """The sums that are the columns."""
    return column_bands(*whole_weights(*cv2_cubic_taps(source, target)))


def cubic_down(channels: int, lines: np.ndarray, at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The pass down in float32 from the last tap on; what ends a row of pixels in whole numbers."""
    parts = weights.astype(np.float32) * np.float32(2.0**-22)
    total: np.ndarray = lines.take(at[3], axis=0)
    total *= parts[3]
    for k in (2, 1, 0):
        line = lines.take(at[k], axis=0)
        line *= parts[k]
        total += line
    np.rint(total, out=total)
    np.clip(total, 0, 255, out=total)
    values = total.shape[1]
    pixel, channel = np.divmod(np.arange(values - values % 8, values), channels)
    end = channel * (values // channels) + pixel
    total[:, end] = convolved_whole(lines[:, end], at, weights)
    return total
