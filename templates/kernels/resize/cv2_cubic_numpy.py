from functools import lru_cache

import numpy as np

from kernels.resize.convolved_numpy import convolved
from kernels.resize.cv2_places_numpy import cv2_places


def cv2_cubic(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_CUBIC, as it computes without IPP."""
    if x.shape[:2] == (h, w):
        return x.copy()
    return convolved(x, cv2_cubic_taps(x.shape[0], h), cv2_cubic_taps(x.shape[1], w))


@lru_cache(maxsize=64)
def cv2_cubic_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each target pixel four source pixels and their weights."""
    left, f = cv2_places(source, target)
    g, r = f + 1, 1 - f
    first = ((-0.75 * g + 3.75) * g - 6) * g + 3
    second = (1.25 * f - 2.25) * f * f + 1
    third = (1.25 * r - 2.25) * r * r + 1
    weights = np.stack([first, second, third, 1 - first - second - third], axis=1)
    return (left[:, None] + np.arange(-1, 3)).clip(0, source - 1), weights
