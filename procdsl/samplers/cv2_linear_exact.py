"""`cv2.linear_exact`: OpenCV's INTER_LINEAR_EXACT, not antialiased.

Weights of 8 bits from float64 places, both passes in whole numbers, rounded half up once. A
reduction to exactly half in both directions is the mean of four pixels.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.samplers.cv2_linear import halved
from procdsl.types.numerics import EXACT


def weights(source: int, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The left and the right index of each target pixel, and the weight of the right one."""
    place = (np.arange(target) + 0.5) * (1 / (target / source)) - 0.5
    left = np.floor(place).astype(np.int64)
    weight = np.rint((place - left) * 256).astype(np.int64)
    return left.clip(0, source - 1), (left + 1).clip(0, source - 1), weight


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    if x.shape[:2] == (h, w):
        return x
    if x.shape[:2] == (2 * h, 2 * w):
        return halved(x)
    left, right, a = weights(x.shape[1], w)
    top, bottom, b = weights(x.shape[0], h)
    a, b = a[:, None], b[:, None, None]
    wide = x.astype(np.int64)
    across = wide[:, left] * (256 - a) + wide[:, right] * a
    return ((across[top] * (256 - b) + across[bottom] * b + 32768) >> 16).astype(np.uint8)


SAMPLER = Sampler(numerics={"u8": EXACT}, reference=reference)
