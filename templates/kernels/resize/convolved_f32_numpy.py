import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # infinite pixels, and huge ones
def convolved_f32(
    x: np.ndarray, rows: tuple[np.ndarray, np.ndarray], columns: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Weighted sums over 4 or 8 columns and rows of float32 as OpenCV adds, in strips.

    `rows` and `columns` hold for each target pixel the source pixels [taps, n] and their weights.
    """
    (index, b), (columns_at, a) = rows, columns
    taps, h = index.shape
    w = columns_at.shape[1]
    channels = x.size // (x.shape[0] * x.shape[1])
    flat = x.reshape(x.shape[0], -1)
    at = (columns_at[:, :, None] * channels + np.arange(channels)).reshape(taps, -1)
    a = a.repeat(channels, axis=1)
    out = np.empty((h, w * channels), np.float32)
    for start in range(0, h, 64):
        strip = slice(start, start + 64)
        first = index[:, strip].min()
        band = flat[first : index[:, strip].max() + 1]
        across = band.take(at[0], axis=1) * a[0]
        for k in range(1, taps):
            across += band.take(at[k], axis=1) * a[k]
        out[strip] = convolved_down_f32(across, index[:, strip] - first, b[:, strip, None])
    return out.reshape(h, w, *x.shape[2:])


def convolved_down_f32(lines: np.ndarray, at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The pass down from the last tap on; at the end of a row from the first."""
    products = [lines[places] * weight for places, weight in zip(at, weights, strict=True)]
    body = lines.shape[1] - lines.shape[1] % 4
    total = products[-1].copy()
    total[:, body:] = products[0][:, body:]
    for k in range(1, len(products)):
        total[:, :body] += products[-1 - k][:, :body]
        total[:, body:] += products[k][:, body:]
    return total
