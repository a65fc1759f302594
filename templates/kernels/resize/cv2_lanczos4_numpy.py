from functools import lru_cache

import numpy as np

from kernels.resize.convolved_numpy import convolved
from kernels.resize.cv2_places_numpy import cv2_places


def cv2_lanczos4(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_LANCZOS4."""
    if x.shape[:2] == (h, w):
        return x.copy()
    return convolved(x, cv2_lanczos4_taps(x.shape[0], h), cv2_lanczos4_taps(x.shape[1], w))


@lru_cache(maxsize=64)
def cv2_lanczos4_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each target pixel eight source pixels and their weights."""
    left, f = cv2_places(source, target)
    start = -(f + np.float32(3)).astype(np.float64) * np.pi * 0.25
    s = 0.70710678118654752440
    turns = np.array([(1, 0), (-s, -s), (0, 1), (s, -s), (-1, 0), (s, s), (0, -1), (-s, s)])
    distance = (f + np.float32(3))[:, None] - np.arange(8, dtype=np.float32)
    y = -distance.astype(np.float64) * np.pi * 0.25
    near = np.abs(distance) < np.float32(1e-6)
    sines = turns[:, 0] * np.sin(start)[:, None] + turns[:, 1] * np.cos(start)[:, None]
    weights = np.where(near, 1e30, sines / np.where(near, 1, y * y)).astype(np.float32)
    total = weights[:, 0]
    for k in range(1, 8):
        total = total + weights[:, k]
    weights = weights * (np.float32(1) / total)[:, None]
    return (left[:, None] + np.arange(-3, 5)).clip(0, source - 1), weights
