from functools import lru_cache

import numpy as np

from kernels.numpy.cv2_area_pass import cv2_area_pass
from kernels.numpy.cv2_area_places import cv2_area_places
from kernels.numpy.halved import halved
from kernels.numpy.interpolated import interpolated
from kernels.numpy.linear_taps import LinearTaps, column_taps, row_taps


def cv2_area(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_AREA on uint8."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    if h > sh or w > sw:
        columns = cv2_area_columns(sw, w, x.size // (sh * sw))
        found = interpolated(x.reshape(sh, -1), cv2_area_rows(sh, h), columns)
        return found.reshape(h, w, *x.shape[2:])
    if (sh, sw) == (2 * h, 2 * w):
        return halved(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        blocks = x.reshape(h, fy, w, fx, -1)
        total = blocks.sum(axis=(1, 3), dtype=np.uint32).astype(np.float32)
        mean = np.rint(total * np.float32(1 / (fy * fx)))
        return mean.astype(np.uint8).reshape(h, w, *x.shape[2:])
    across = cv2_area_pass(x.astype(np.float32).swapaxes(0, 1), w).swapaxes(0, 1)
    down = cv2_area_pass(across, h)
    return np.rint(down).clip(0, 255).astype(np.uint8)


@lru_cache(maxsize=64)
def cv2_area_rows(source: int, target: int) -> LinearTaps:
    """For an enlargement: the taps of each row."""
    return row_taps(*cv2_area_places(source, target), source)


@lru_cache(maxsize=64)
def cv2_area_columns(source: int, target: int, channels: int) -> LinearTaps:
    """For an enlargement: the taps of each value in a row of pixels."""
    return column_taps(*cv2_area_places(source, target), source, channels)
