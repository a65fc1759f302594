from functools import lru_cache

import numpy as np

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


def cv2_area_pass(x: np.ndarray, target: int) -> np.ndarray:
    """Weighted sums of float32 along the first axis, added in the order of the taps."""
    index, weight = cv2_area_taps(x.shape[0], target)
    shape = (target, *(1,) * (x.ndim - 1))
    total = x[index[0]] * weight[0].reshape(shape)
    for tap in range(1, len(index)):
        total += x[index[tap]] * weight[tap].reshape(shape)
    return total


@lru_cache(maxsize=64)
def cv2_area_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each tap and target pixel a source index and a weight; unused taps have weight 0."""
    scale = 1 / (target / source)
    start = np.arange(target) * scale
    end = start + scale
    cell = np.minimum(scale, source - start)
    last = np.minimum(np.floor(end).astype(np.int64), source - 1)
    first = np.minimum(np.ceil(start).astype(np.int64), last)
    head = first - start > 1e-3
    tail = end - last > 1e-3
    taps = np.arange(int((last - first + head + tail).max()))[:, None]
    index = first - head + taps
    weight = np.where(index < last, 1.0 / cell, 0.0)
    weight = np.where((taps == 0) & head, (first - start) / cell, weight)
    weight = np.where(
        (index == last) & tail, np.minimum(np.minimum(end - last, 1.0), cell) / cell, weight
    )
    return index.clip(0, source - 1), weight.astype(np.float32)


@lru_cache(maxsize=64)
def cv2_area_rows(source: int, target: int) -> LinearTaps:
    """For an enlargement: the taps of each row."""
    return row_taps(*cv2_area_places(source, target), source)


@lru_cache(maxsize=64)
def cv2_area_columns(source: int, target: int, channels: int) -> LinearTaps:
    """For an enlargement: the taps of each value in a row of pixels."""
    return column_taps(*cv2_area_places(source, target), source, channels)


def cv2_area_places(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The source pixel of each target pixel, and the fraction of the way to the next."""
    inverse = target / source
    i = np.arange(target)
    left = np.floor(i * (1 / inverse))
    fraction = ((i + 1) - (left + 1) * inverse).astype(np.float32)
    fraction = np.where(fraction <= 0, np.float32(0), fraction - np.floor(fraction))
    return left.astype(np.int64), fraction
