import numpy as np

from kernels.resize.warped_pixels_numpy import warped_pixels
from kernels.resize.warped_places_numpy import warped_places, warped_places_1024


@np.errstate(all="ignore")  # a matrix may hold anything
def warped_linear(
    x: np.ndarray, matrix: np.ndarray, h: int, w: int, fill: np.generic, fixed: bool
) -> np.ndarray:
    """OpenCV's warpAffine with INTER_LINEAR: that of OpenCV 5, or `fixed` up to 4."""
    if fixed:
        rows, columns = (v >> 5 for v in warped_places_1024(matrix, h, w, x.shape, 16))
        pixels = warped_four(x, rows >> 5, columns >> 5, fill)
        found = mixed_by_32(pixels, (columns & 31)[..., None], (rows & 31)[..., None])
    else:
        down, across = warped_places(matrix, h, w, x.shape)
        rows, columns = np.floor(down), np.floor(across)
        pixels = warped_four(x, rows.astype(np.int64), columns.astype(np.int64), fill)
        a, b, c, d = (p.astype(np.float32, copy=False) for p in pixels)
        f, g = (across - columns)[..., None], (down - rows)[..., None]
        a, c = a + f * (b - a), c + f * (d - c)
        found = a + g * (c - a)
        if x.dtype == np.uint8:
            found = np.rint(found).astype(np.uint8)
    return found.reshape(h, w, *x.shape[2:])


def warped_four(
    x: np.ndarray, top: np.ndarray, left: np.ndarray, fill: np.generic
) -> tuple[np.ndarray, ...]:
    """The four pixels round each place, row by row."""
    return tuple(warped_pixels(x, top + j, left + i, fill) for j in (0, 1) for i in (0, 1))


def mixed_by_32(pixels: tuple[np.ndarray, ...], f: np.ndarray, g: np.ndarray) -> np.ndarray:
    """Four pixels mixed by weights in units of 1/32: u8 in whole numbers, floats in float32."""
    a, b, c, d = pixels
    if a.dtype == np.uint8:
        a, b, c, d = (p.astype(np.int32) for p in pixels)
        f, g = f.astype(np.int32), g.astype(np.int32)
        upper, lower = (32 - f) * a + f * b, (32 - f) * c + f * d
        found: np.ndarray = (32 - g) * upper + g * lower + 512
        return (found // 1024).astype(np.uint8)
    f, g = (v.astype(np.float32) / np.float32(32) for v in (f, g))
    e, h = 1 - f, 1 - g
    return a * (h * e) + b * (h * f) + c * (g * e) + d * (g * f)
