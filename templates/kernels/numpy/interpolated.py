import numpy as np


def interpolated(
    x: np.ndarray,
    rows: tuple[np.ndarray, np.ndarray, np.ndarray],
    columns: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """Linear interpolation of uint8 with 11-bit weights, as OpenCV does, 64 rows at a time.

    `rows` and `columns` hold for each target pixel a source index and two weights. Beyond the
    edge a column takes the edge's pixel alone; a row keeps its weights.
    """
    h, w = len(rows[0]), len(columns[0])
    last_row, last_column = x.shape[0] - 1, x.shape[1] - 1
    left, a0, a1 = columns
    inside = (left >= 0) & (left < last_column)
    a0, a1 = np.where(inside, a0, 2048), np.where(inside, a1, 0)
    left = left.clip(0, last_column)
    channels = x.size // (x.shape[0] * x.shape[1])
    flat = x.reshape(x.shape[0], -1)
    spread = np.arange(channels)
    left_at = (left[:, None] * channels + spread).ravel()
    right_at = (np.minimum(left + 1, last_column)[:, None] * channels + spread).ravel()
    a0, a1 = a0.repeat(channels).astype(np.int32), a1.repeat(channels).astype(np.int32)
    top, b0, b1 = rows[0], rows[1][:, None], rows[2][:, None]
    upper, lower = top.clip(0, last_row), (top + 1).clip(0, last_row)
    out = np.empty((h, w * channels), np.uint8)
    for start in range(0, h, 64):
        strip = slice(start, start + 64)
        first = upper[strip][0]
        band = flat[first : lower[strip][-1] + 1]
        across = np.multiply(band.take(left_at, axis=1), a0, dtype=np.int32)
        across += np.multiply(band.take(right_at, axis=1), a1, dtype=np.int32)
        across >>= 4
        total = (across[upper[strip] - first] * b0[strip]) >> 16
        total += (across[lower[strip] - first] * b1[strip]) >> 16
        total += 2
        total >>= 2
        out[strip] = total
    return out.reshape(h, w, *x.shape[2:])
