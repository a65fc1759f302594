import numpy as np

from kernels.resize.linear_taps_numpy import LinearTaps


def interpolated(x: np.ndarray, rows: LinearTaps, columns: LinearTaps) -> np.ndarray:
    """Linear interpolation of uint8 [h, w] with 11-bit weights, as OpenCV does, in strips."""
    h, w = len(rows.first), len(columns.first)
    step = max(1, 2**16 // w)
    starts = range(0, h, step)
    bands = [(rows.first[i], rows.second[i : i + step][-1] + 1) for i in starts]
    most = max(end - first for first, end in bands)
    taken = np.empty((most, w), np.uint8)
    left, right = np.empty((2, most, w), np.int32)
    above, below = np.empty((2, step, w), np.int32)
    out = np.empty((h, w), np.uint8)
    for start, (first, end) in zip(starts, bands, strict=True):
        strip, band = slice(start, start + step), x[first:end]
        lines = slice(0, end - first)
        weigh(band, columns.first, columns.first_weight, taken[lines], left[lines])
        weigh(band, columns.second, columns.second_weight, taken[lines], right[lines])
        left += right
        left >>= 4
        upper, lower = rows.first[strip] - first, rows.second[strip] - first
        total, second = above[: len(upper)], below[: len(upper)]
        np.take(left, upper, axis=0, out=total, mode="clip")
        total *= rows.first_weight[strip, None]
        total >>= 16
        np.take(left, lower, axis=0, out=second, mode="clip")
        second *= rows.second_weight[strip, None]
        second >>= 16
        total += second
        total += 2
        total >>= 2
        out[strip] = total
    return out


def weigh(
    x: np.ndarray, index: np.ndarray, weight: np.ndarray, taken: np.ndarray, out: np.ndarray
) -> None:
    """The columns at `index` times their weights."""
    np.take(x, index, axis=1, out=taken, mode="clip")
    out[...] = taken
    out *= weight
