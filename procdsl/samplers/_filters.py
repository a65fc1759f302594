"""The filters of Pillow's antialiased resize (`Resample.c`), which torch's has taken over."""

from __future__ import annotations

import math
from collections.abc import Callable

from procdsl.lazy import np


def box(x: float) -> float:
    return 1.0 if -0.5 < x <= 0.5 else 0.0


def triangle(x: float) -> float:
    return max(0.0, 1.0 - abs(x))


def hamming(x: float) -> float:
    """A sinc in a Hamming window, whose constants are float32 in Pillow."""
    x = abs(x)
    if x == 0.0:
        return 1.0
    if x >= 1.0:
        return 0.0
    x *= math.pi
    return math.sin(x) / x * (float(np.float32(0.54)) + float(np.float32(0.46)) * math.cos(x))


def cubic(x: float) -> float:
    """R. Keys, "Cubic convolution interpolation for digital image processing", IEEE Trans. ASSP
    29(6), 1981, with a = -0.5."""
    a = -0.5
    x = abs(x)
    if x < 1.0:
        return ((a + 2.0) * x - (a + 3.0)) * x * x + 1
    if x < 2.0:
        return (((x - 5) * x + 8) * x - 4) * a
    return 0.0


def lanczos(x: float) -> float:
    """A sinc in the middle lobe of a sinc three times as wide."""
    return _sinc(x) * _sinc(x / 3) if -3.0 <= x < 3.0 else 0.0


def _sinc(x: float) -> float:
    return 1.0 if x == 0.0 else math.sin(x * math.pi) / (x * math.pi)


FILTERS: dict[str, tuple[float, Callable[[float], float]]] = {
    "box": (0.5, box),
    "bilinear": (1.0, triangle),
    "hamming": (1.0, hamming),
    "bicubic": (2.0, cubic),
    "lanczos": (3.0, lanczos),
}
"""Each filter's half-width at a reduction of 1, and its value at a distance."""
