"""`cv2.lab`: OpenCV's COLOR_RGB2Lab and COLOR_BGR2Lab: L* by 255 / 100, a* and b* plus 128.

From sRGB over XYZ (D65) to CIE L*a*b* in whole numbers, as OpenCV computes it on u8: the sRGB curve
in 8 * 255 steps; XYZ over the white point in weights of 12 bits; its cube root (linear below
216 / 24389) in 15 bits; then

    L = (296 fy - 1336934 + 2^14) >> 15
    a = (500 (fx - fy) + 128.5 * 2^15) >> 15
    b = (200 (fy - fz) + 128.5 * 2^15) >> 15

each limited to 0..255. OpenCV's cube root is cut to float32, which decides some ties.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.types.colour import Colour

XYZ = ((1777, 1541, 778), (871, 2929, 296), (73, 448, 3575))
"""Red, green and blue to X, Y and Z over the white point, in units of 2**-12."""


def curves() -> tuple[np.ndarray, np.ndarray]:
    """The sRGB curve of each level, in 2040 steps; the cube root of each step, in 2**15."""
    level = np.arange(256) / 255
    curve = np.where(level <= 0.04045, level / 12.92, ((level + 0.055) / 1.055) ** 2.4)
    step = (np.arange(3072, dtype=np.float32) / np.float32(2040)).astype(np.float64)
    fraction, exponent = np.frexp(np.cbrt(step))
    root = np.ldexp(np.floor(fraction * 2**24), exponent - 24)
    root = np.where(step < 216 / 24389, step * (841 / 108) + 16 / 116, root)
    return np.rint(curve * 2040).astype(np.int64), np.rint(root * 2**15).astype(np.int64)


def from_rgb(x: np.ndarray) -> np.ndarray:
    curve, root = curves()
    r, g, b = (curve[x[..., i]] for i in range(3))
    fx, fy, fz = (root[(r * m[0] + g * m[1] + b * m[2] + (1 << 11)) >> 12] for m in XYZ)
    half = 1 << 14
    lightness = (296 * fy - 1336934 + half) >> 15
    a = (500 * (fx - fy) + (128 << 15) + half) >> 15
    b = (200 * (fy - fz) + (128 << 15) + half) >> 15
    return np.stack([lightness, a, b], axis=-1).clip(0, 255).astype(np.uint8)


COLOUR = Colour(("l", "a*", "b*"), from_rgb, one_way="OpenCV's way back is not reproduced yet")
