"""`pil.ycbcr`: Pillow's mode YCbCr, that of JPEG: `image.convert("YCbCr")` and back.

ITU-R BT.601 over the whole range 0..255, from tables `t(c, i) = trunc(64 c i + 0.5)`:

    Y  = (t(.299, R) + t(.587, G) + t(.114, B)) >> 6
    Cb = ((t(-.16874, R) + t(-.33126, G) + t(.5, B)) >> 6) + 128
    Cr = ((t(.5, R) + t(-.41869, G) + t(-.08131, B)) >> 6) + 128

    R = Y + (t(1.402, Cr - 128) >> 6)
    G = Y + ((t(-.34414, Cb - 128) + t(-.71414, Cr - 128)) >> 6)
    B = Y + (t(1.772, Cb - 128) >> 6)

each limited to 0..255. OpenCV's YCrCb (`cv2.ycrcb`) has another order and other bits.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.types.colour import Colour

_LUMA = (0.299, 0.587, 0.114)
_BLUE = (-0.16874, -0.33126, 0.5)
_RED = (0.5, -0.41869, -0.08131)


def table(weight: float, low: int = 0) -> np.ndarray:
    """The weight times each level from `low` on, in units of 1/64."""
    return np.trunc(weight * 64 * np.arange(low, low + 256) + 0.5).astype(np.int64)


def from_rgb(x: np.ndarray) -> np.ndarray:
    y, cb, cr = (
        sum(table(weight)[x[..., i]] for i, weight in enumerate(weights)) >> 6
        for weights in (_LUMA, _BLUE, _RED)
    )
    return np.stack([y, cb + 128, cr + 128], axis=-1).clip(0, 255).astype(np.uint8)


def to_rgb(x: np.ndarray) -> np.ndarray:
    y, cb, cr = x[..., 0].astype(np.int64), x[..., 1], x[..., 2]
    r = y + (table(1.402, -128)[cr] >> 6)
    g = y + ((table(-0.34414, -128)[cb] + table(-0.71414, -128)[cr]) >> 6)
    b = y + (table(1.772, -128)[cb] >> 6)
    return np.stack([r, g, b], axis=-1).clip(0, 255).astype(np.uint8)


COLOUR = Colour(("y", "cb", "cr"), from_rgb, to_rgb)
