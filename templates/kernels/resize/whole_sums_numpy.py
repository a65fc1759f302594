from collections.abc import Callable

import numpy as np

from kernels.resize.bands_numpy import Bands
from kernels.resize.whole_taps_numpy import ColumnBands, RowTaps


def whole_sums(
    x: np.ndarray,
    rows: RowTaps,
    columns: ColumnBands,
    down: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
) -> np.ndarray:
    """Weighted sums of uint8 across, exact in float32, and of these what `down` makes of rows.

    `down` takes sums [rows, values], and of each target row the places of its taps and their
    weights. What is held at once is a strip: products too small for BLAS to start threads, and for
    `down` what stays in cache. The result's memory is that of a plane after the other in each row.
    """
    image = x if x.ndim == 3 else x[:, :, None]
    c, n, target = image.shape[2], len(columns.needed), rows.at.shape[1]
    w = sum(weights.shape[1] for _, _, weights in columns.bands.blocks)
    widest = max(high - low for low, high, _ in columns.bands.blocks)
    held = 2**18 // (c * max(n, w, 16 * widest)) - len(rows.at)
    step = max(1, held * target // len(rows.needed))
    few = max(1, 2**15 // (c * w))
    starts = range(0, target, step)
    strips = [(rows.at[0, i], rows.at[-1, i : i + step][-1] + 1) for i in starts]
    most = max(end - first for first, end in strips)
    # One piece of memory: two that are let go together are more than malloc keeps for the next.
    memory = np.empty(most * c * (n + w), np.float32)
    values, sums = memory[: most * c * n].reshape(most, c, n), memory[most * c * n :].reshape(-1, w)
    out = np.empty((target, c * w), np.uint8)
    buffer = np.setbufsize(256)  # else numpy 2.3 copies what it spreads over rows: twice the time
    try:
        for start, (first, end) in zip(starts, strips, strict=True):
            strip, products = values[: end - first], sums[: (end - first) * c]
            fill_planes(strip, lines_of(image, rows.needed[first:end]), columns.needed)
            weigh(strip.reshape(-1, n), columns.bands, products)
            lines = products.reshape(-1, c * w)
            for top in range(start, min(start + step, target), few):
                part = slice(top, min(top + few, start + step))
                at, weights = rows.at[:, part] - first, rows.weights[:, part, None]
                out[part] = down(lines, at, weights)
    finally:
        np.setbufsize(buffer)
    found = out.reshape(target, c, w).transpose(0, 2, 1)
    return found if x.ndim == 3 else found[:, :, 0]


def lines_of(x: np.ndarray, needed: np.ndarray) -> np.ndarray:
    """Rows of an image, as a view where they are neighbours."""
    first, end = needed[0], needed[-1] + 1
    return x[first:end] if end - first == len(needed) else x[needed]


def fill_planes(planes: np.ndarray, x: np.ndarray, needed: np.ndarray) -> None:
    """Write columns of [rows, w, c] as [rows, c, columns]."""
    rows, c, n = planes.shape
    first, end = needed[0], needed[-1] + 1
    if end - first == n:
        planes[...] = x[:, first:end].transpose(0, 2, 1).copy()  # bytes are faster moved alone
    else:
        at = (needed * c + np.arange(c)[:, None]).ravel()
        planes[...] = x.reshape(rows, -1).take(at, axis=1).reshape(rows, c, n)


def weigh(x: np.ndarray, bands: Bands, out: np.ndarray) -> None:
    """The weighted sums of the columns."""
    first = 0
    for low, high, weights in bands.blocks:
        end = first + weights.shape[1]
        np.matmul(x[:, low:high], weights, out=out[:, first:end])
        first = end
