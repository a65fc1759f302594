import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # infinite pixels, and huge ones
def convolved(
    x: np.ndarray, rows: tuple[np.ndarray, np.ndarray], columns: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Weighted sums over 4 or 8 columns and rows of uint8 or float32 as OpenCV adds, in strips.

    `rows` and `columns` hold for each target pixel the source pixels [n, taps] and their weights.
    """
    (index, b), (columns_at, a) = rows, columns
    h, w, taps = len(index), len(columns_at), index.shape[1]
    channels = x.size // (x.shape[0] * x.shape[1])
    flat = x.reshape(x.shape[0], -1)
    at = (columns_at.T[:, :, None] * channels + np.arange(channels)).reshape(taps, -1)
    a = a.T.repeat(channels, axis=1)
    whole = x.dtype == np.uint8
    if whole:
        a, b = (np.rint(weights * np.float32(2048)).astype(np.int32) for weights in (a, b))
    down = convolved_f32 if not whole else convolved_cubic if taps == 4 else convolved_whole
    out = np.empty((h, w * channels), x.dtype)
    for start in range(0, h, 64):
        strip = slice(start, start + 64)
        first = index[strip].min()
        band = flat[first : index[strip].max() + 1]
        across = np.multiply(band.take(at[0], axis=1), a[0], dtype=a.dtype)
        for k in range(1, taps):
            across += np.multiply(band.take(at[k], axis=1), a[k], dtype=a.dtype)
        lines = [across[index[strip, k] - first] for k in range(taps)]
        out[strip] = down(lines, [b[strip, k, None] for k in range(taps)])
    return out.reshape(h, w, *x.shape[2:])


def convolved_whole(lines: list[np.ndarray], weights: list[np.ndarray]) -> np.ndarray:
    """The pass down in whole numbers, rounded half up."""
    total = lines[0] * weights[0]
    for line, weight in zip(lines[1:], weights[1:], strict=True):
        total += line * weight
    total += 1 << 21
    total >>= 22
    return total.clip(0, 255)


def convolved_cubic(lines: list[np.ndarray], weights: list[np.ndarray]) -> np.ndarray:
    """The pass down in float32 from the last tap on; the end of a row in whole numbers."""
    total: np.ndarray = np.zeros((), np.float32)
    for line, weight in zip(lines[::-1], weights[::-1], strict=True):
        total = line.astype(np.float32) * (weight.astype(np.float32) * np.float32(2.0**-22)) + total
    total = np.rint(total).clip(0, 255)
    body = total.shape[1] - total.shape[1] % 8
    total[:, body:] = convolved_whole([line[:, body:] for line in lines], weights)
    return total


def convolved_f32(lines: list[np.ndarray], weights: list[np.ndarray]) -> np.ndarray:
    """The pass down from the last tap on; at the end of a row from the first."""
    products = [line * weight for line, weight in zip(lines, weights, strict=True)]
    body = products[0].shape[1] - products[0].shape[1] % 4
    total = products[-1].copy()
    total[:, body:] = products[0][:, body:]
    for k in range(1, len(products)):
        total[:, :body] += products[-1 - k][:, :body]
        total[:, body:] += products[k][:, body:]
    return total
