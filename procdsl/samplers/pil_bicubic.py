"""`pil.bicubic`: Pillow's BICUBIC, antialiased.

Keys' cubic convolution with a = -0.5 (R. Keys, "Cubic convolution interpolation for digital image
processing", IEEE Trans. ASSP 29(6), 1981), half-width 2, widened by the reduction.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.numerics import EXACT
from procdsl.registry import Sampler
from procdsl.samplers import _pillow

_A = -0.5


def cubic(x: float) -> float:
    x = abs(x)
    if x < 1.0:
        return ((_A + 2.0) * x - (_A + 3.0)) * x * x + 1
    if x < 2.0:
        return (((x - 5) * x + 8) * x - 4) * _A
    return 0.0


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return _pillow.resize(x, h, w, 2.0, cubic)


SAMPLER = Sampler(numerics={"u8": EXACT}, reference=reference)
