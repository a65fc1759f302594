"""`pil.bilinear`: Pillow's BILINEAR, antialiased; what torchvision calls bilinear on PIL images.

The kernel is a triangle of half-width 1, widened by the reduction.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.numerics import EXACT
from procdsl.registry import Sampler
from procdsl.samplers import _pillow


def triangle(x: float) -> float:
    return max(0.0, 1.0 - abs(x))


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return _pillow.resize(x, h, w, 1.0, triangle)


SAMPLER = Sampler(numerics={"u8": EXACT}, reference=reference)
