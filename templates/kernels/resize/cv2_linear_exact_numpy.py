from functools import lru_cache

import numpy as np

from kernels.resize.halved_numpy import halved
from kernels.resize.whole_sums_numpy import whole_sums
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps, column_bands, row_taps


def cv2_linear_exact(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_LINEAR_EXACT on uint8, with weights of 8 bits."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    if (sh, sw) == (2 * h, 2 * w):
        return halved(x)
    rows, columns = cv2_linear_exact_rows(sh, h), cv2_linear_exact_columns(sw, w)
    return whole_sums(x, rows, columns, linear_exact_down)


def linear_exact_down(lines: np.ndarray, at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The pass down, rounded half up."""
    both = lines.take(at, axis=0).astype(np.int32)
    both *= weights
    total: np.ndarray = both[0]
    total += both[1]
    total += 1 << 15
    total >>= 16
    return total


@lru_cache(maxsize=64)
def cv2_linear_exact_rows(source: int, target: int) -> RowTaps:
    """The taps of each row."""
    return row_taps(*cv2_linear_exact_taps(source, target))


@lru_cache(maxsize=64)
def cv2_linear_exact_columns(source: int, target: int) -> ColumnBands:
    """The sums that are the columns."""
    return column_bands(*cv2_linear_exact_taps(source, target))


def cv2_linear_exact_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each target pixel two source pixels and their weights in units of 1/256."""
    place = (np.arange(target) + 0.5) * (1 / (target / source)) - 0.5
    left = np.floor(place)
    weight = np.rint((place - left) * 256).astype(np.int32)
    index = left.astype(np.int64)
    return np.stack([index, index + 1]).clip(0, source - 1), np.stack([256 - weight, weight])
