import numpy as np

from kernels.resize.bands_numpy import Bands


def banded(x: np.ndarray, rows: Bands, columns: Bands, vertical_first: bool) -> np.ndarray:
    """The two passes over [h, w, c], which holds just the source pixels that the bands need.

    Weights for uint8 are whole multiples of a power of two, so every partial sum is exact in
    float64 whatever its order, and matrix products give the libraries' integer arithmetic.
    Products are kept too small for BLAS to start threads, and temporaries to a strip.
    Channel by channel, so the result's memory is that of planes.
    """
    planes = x.transpose(2, 0, 1)
    if vertical_first:
        planes = banded_across(banded_down(planes, rows), columns)
    else:
        planes = banded_down(banded_across(planes, columns), rows)
    return planes.transpose(1, 2, 0)


def banded_across(planes: np.ndarray, bands: Bands) -> np.ndarray:
    """The pass over the last axis of [c, h, w], in strips of rows."""
    if not bands.blocks:
        return planes
    c, h, source = planes.shape
    target = sum(weights.shape[1] for _, _, weights in bands.blocks)
    out = np.empty((c, h, target), planes.dtype)
    step = banded_step(bands, c, 192)
    step = -(-h // -(-h // step))  # strips of one size: the product is taken of a whole one
    strip = np.empty((c, step, source), bands.blocks[0][2].dtype)
    result = np.empty((c, step, target), strip.dtype)
    for start in range(0, h, step):
        lines = planes[:, start : start + step]
        count = lines.shape[1]
        strip[:, :count] = lines
        flat, products, first = strip.reshape(-1, source), result.reshape(-1, target), 0
        for low, high, weights in bands.blocks:
            end = first + weights.shape[1]
            np.matmul(flat[:, low:high], weights, out=products[:, first:end])
            first = end
        rounded(result[:, :count], bands, out[:, start : start + step])
    return out


def banded_down(planes: np.ndarray, bands: Bands) -> np.ndarray:
    """The pass over the rows of [c, h, w]: strips of columns, and of these a few blocks at once."""
    if not bands.blocks:
        return planes
    c, _, w = planes.shape
    blocks, dtype = bands.blocks, bands.blocks[0][2].dtype
    target = sum(weights.shape[1] for _, _, weights in blocks)
    out = np.empty((c, target, w), planes.dtype)
    step = min(w, banded_step(bands, 1, max(1, 1024 // c)))
    few = max(1, 128 // max(high - low for low, high, _ in blocks))
    groups = [blocks[i : i + few] for i in range(0, len(blocks), few)]
    most = max(group[-1][1] - group[0][0] for group in groups)
    values, sums = np.empty((c, most, step), dtype), np.empty((c, 8 * few, step), dtype)
    for start in range(0, w, step):
        columns = slice(start, min(start + step, w))
        width, top = columns.stop - start, 0
        for group in groups:
            held, end, first = group[0][0], group[-1][1], 0
            strip = values[:, : end - held, :width]
            strip[...] = planes[:, held:end, columns]
            for low, high, weights in group:
                lines = sums[:, first : first + weights.shape[1], :width]
                np.matmul(weights.T, strip[:, low - held : high - held], out=lines)
                first += weights.shape[1]
            rounded(sums[:, :first, :width], bands, out[:, top : top + first, columns])
            top += first
    return out


def banded_step(bands: Bands, channels: int, most: int) -> int:
    """How many lines of `channels` values a matrix product may take at once."""
    widest = max(high - low for low, high, _ in bands.blocks)
    return max(1, min(most, 262144 // (8 * widest * channels)))


def rounded(x: np.ndarray, bands: Bands, out: np.ndarray) -> None:
    """Write float64 as uint8, halves up, or float32 as it is."""
    if out.dtype != np.uint8:
        out[...] = x
        return
    if bands.clip:
        np.clip(x, 0, 255, out=x)
    x += 0.5
    out[...] = x
