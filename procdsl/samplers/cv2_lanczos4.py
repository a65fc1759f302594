"""`cv2.lanczos4`: OpenCV's INTER_LANCZOS4, not antialiased.

A Lanczos window over eight pixels, normalized in float32; on u8 with weights of 11 bits. A NaN
or an infinity of f32 reaches the pixels that take from it, also with weight 0, as in OpenCV.
"""

from __future__ import annotations

import math

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.samplers import _cv2
from procdsl.types.numerics import EXACT

_S = 0.70710678118654752440
_TURNS = ((1, 0), (-_S, -_S), (0, 1), (_S, -_S), (-1, 0), (_S, _S), (0, -1), (-_S, _S))


def coefficients(f: np.ndarray) -> np.ndarray:
    """The eight weights of each float32 fraction."""
    start = -(f + np.float32(3)).astype(np.float64) * math.pi * 0.25
    sine, cosine = np.sin(start), np.cos(start)
    weights = []
    total = np.zeros_like(f)
    for i, (p, q) in enumerate(_TURNS):
        distance = (f + np.float32(3)) - np.float32(i)
        y = -distance.astype(np.float64) * math.pi * 0.25
        near = np.abs(distance) < np.float32(1e-6)
        weight = (p * sine + q * cosine) / np.where(near, 1.0, y * y)
        weights.append(np.where(near, np.float32(1e30), weight.astype(np.float32)))
        total = total + weights[-1]
    return np.stack(weights, axis=1) * (np.float32(1) / total)[:, None]


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return _cv2.convolve(x, h, w, coefficients)


SAMPLER = Sampler(
    numerics={"u8": EXACT, "f32": EXACT}, reference=reference, per_channel=False, lobe=0.3573
)
