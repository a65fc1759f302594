from functools import lru_cache

import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def cv2_lab(x: np.ndarray, red: int) -> np.ndarray:
    """OpenCV's L*a*b* of uint8 [h, w, 3] in sRGB; red is the channel `red` of `x`."""
    curve, root = lab_tables()
    converted = np.empty(x.shape, np.uint8)
    for rows in row_slices(*x.shape[:2]):
        r, g, b = (curve.take(x[rows, :, i]) for i in (red, 1, 2 - red))
        fx = root.take((r * 1777 + g * 1541 + b * 778 + (1 << 11)) >> 12)
        fy = root.take((r * 871 + g * 2929 + b * 296 + (1 << 11)) >> 12)
        fz = root.take((r * 73 + g * 448 + b * 3575 + (1 << 11)) >> 12)
        fx -= fy
        fx *= 500
        np.subtract(fy, fz, out=fz)
        fz *= 200
        fy *= 296
        fy -= 1336934
        fx += 128 << 15
        fz += 128 << 15
        for channel, plane in enumerate((fy, fx, fz)):
            plane += 1 << 14
            plane >>= 15
            converted[rows, :, channel] = plane.clip(0, 255, out=plane)
    return converted


@lru_cache(maxsize=1)
def lab_tables() -> tuple[np.ndarray, np.ndarray]:
    """The sRGB curve of each level in 2040 steps, and the cube root of each step in 2**15.

    No rounding is close enough to a tie for the last bits of `**` and `cbrt` to matter; but
    OpenCV's root is cut to the 24 bits of float32, which makes some ties.
    """
    level = np.arange(256) / 255
    curve = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    step = (np.arange(3072, dtype=np.float32) / np.float32(2040)).astype(np.float64)
    fraction, exponent = np.frexp(np.cbrt(step))
    root = np.ldexp(np.floor(fraction * 2**24), exponent - 24)
    root = np.where(step < 216 / 24389, step * (841 / 108) + 16 / 116, root)
    return np.rint(curve * 2040).astype(np.int32), np.rint(root * 2**15).astype(np.int32)
