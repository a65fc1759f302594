from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.filter_support import filter_window
from kernels.resize.filter_weights_numpy import filter_weights
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.window_of import window_of


def pil_resize_f32(
    x: np.ndarray,
    h: int,
    w: int,
    filter_: str,
    version: int = 13,
    part: Placement | None = None,
) -> np.ndarray:
    """Pillow's antialiased resize of float32, each channel an image of mode F, or a part of it."""
    sh, sw = x.shape[:2]
    top, bottom, left, right = window_of(part, h, w)
    if (sh, sw) == (h, w):
        return x[top:bottom, left:right].copy()
    vertical_first = pil_vertical_first(sh, sw, h, w, version)
    for down in (vertical_first, not vertical_first):
        if down:
            x = pil_pass_f32(x, h, filter_, top, bottom)
        else:
            x = pil_pass_f32(x.swapaxes(0, 1), w, filter_, left, right).swapaxes(0, 1)
    return x


def pil_pass_f32(x: np.ndarray, target: int, filter_: str, first: int, end: int) -> np.ndarray:
    """Some target rows: sums in float64 in the order of the taps, 64 rows at a time."""
    if len(x) == target:
        return x[first:end]
    start, count, weights = pil_taps(len(x), target, filter_)
    out = np.empty((end - first, *x.shape[1:]), np.float32)
    for low in range(first, end, 64):
        rows = slice(low, min(low + 64, end))
        total = np.zeros((rows.stop - low, *x.shape[1:]))
        for tap in range(int(count[rows].max())):
            used = np.flatnonzero(count[rows] > tap)
            weight = weights[tap, rows][used].reshape(-1, *(1,) * (x.ndim - 1))
            with np.errstate(over="ignore", invalid="ignore"):  # infinite pixels, and huge ones
                total[used] += x[start[rows][used] + tap] * weight
        out[low - first : rows.stop - first] = total
    return out


@lru_cache(maxsize=64)
def pil_taps(source: int, target: int, filter_: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The first source row of each target row, how many it needs, and by tap their weights."""
    start, weights = filter_weights(source, target, filter_)
    ends = [filter_window(i, source, target, filter_)[1] for i in range(target)]
    return start, np.array(ends) - start, weights
