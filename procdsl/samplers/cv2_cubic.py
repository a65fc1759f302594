"""`cv2.cubic`: OpenCV's INTER_CUBIC, not antialiased.

Keys' cubic convolution with a = -0.75 over four pixels. This is what OpenCV computes itself: by
default its x86 builds hand u8 and f32 to Intel's IPP, which cannot be reproduced. The OpenCV module
switches IPP off for the call, in its own thread, and back. IPP differs by 1 in up to 6 of 100
numbers of u8, and on f32 in 0..1 by up to 7e-8 for each pixel of the longer side: measured were
2.8e-5 in pictures of up to 450 pixels a side, 4.9e-5 up to 700 and 2.1e-4 up to 4000 (OpenCV 5.0.0
with IPP 2026.0 on Zen 4, random sizes).

A NaN or an infinity of f32 reaches the pixels that take from it, also with weight 0, as in OpenCV.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.samplers import _cv2
from procdsl.types.numerics import EXACT


def coefficients(f: np.ndarray) -> np.ndarray:
    """The four weights of each float32 fraction."""
    a, one = np.float32(-0.75), np.float32(1)
    g, r = f + one, one - f
    first = ((a * g - 5 * a) * g + 8 * a) * g - 4 * a
    second = ((a + 2) * f - (a + 3)) * f * f + one
    third = ((a + 2) * r - (a + 3)) * r * r + one
    return np.stack([first, second, third, one - first - second - third], axis=1)


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return _cv2.convolve(x, h, w, coefficients)


SAMPLER = Sampler(
    numerics={"u8": EXACT, "f32": EXACT}, reference=reference, per_channel=False, lobe=0.1876
)
