from functools import lru_cache

import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def pil_ycbcr(x: np.ndarray, red: int) -> np.ndarray:
    """Pillow's YCbCr of uint8 [h, w, 3]; red is the channel `red` of `x`."""
    converted = np.empty(x.shape, np.uint8)
    sums = ((0.299, 0.587, 0.114), (-0.16874, -0.33126, 0.5), (0.5, -0.41869, -0.08131))
    for rows in row_slices(*x.shape[:2]):
        for channel, weights in enumerate(sums):
            total = level_table(weights[0], 0).take(x[rows, :, red])
            total += level_table(weights[1], 0).take(x[rows, :, 1])
            total += level_table(weights[2], 0).take(x[rows, :, 2 - red])
            total >>= 6
            if channel > 0:
                total += 128
            converted[rows, :, channel] = total.clip(0, 255, out=total)
    return converted


def pil_ycbcr_to_rgb(x: np.ndarray, red: int) -> np.ndarray:
    """The way back."""
    converted = np.empty(x.shape, np.uint8)
    for rows in row_slices(*x.shape[:2]):
        y, cb, cr = x[rows, :, 0], x[rows, :, 1], x[rows, :, 2]
        green = level_table(-0.34414, -128).take(cb)
        green += level_table(-0.71414, -128).take(cr)
        planes = level_table(1.402, -128).take(cr), green, level_table(1.772, -128).take(cb)
        for plane, at in zip(planes, (red, 1, 2 - red), strict=True):
            plane >>= 6
            plane += y
            converted[rows, :, at] = plane.clip(0, 255, out=plane)
    return converted


@lru_cache(maxsize=16)
def level_table(weight: float, low: int) -> np.ndarray:
    """The weight times each of 256 levels from `low` on, in units of 1/64."""
    return np.trunc(weight * 64 * np.arange(low, low + 256) + 0.5).astype(np.int16)
