import numpy as np

from kernels.resize.cv2_places_numpy import cv2_places


def cv2_lanczos4_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each target pixel eight source pixels and their weights, both [8, target]."""
    left, f = cv2_places(source, target)
    start = -(f + np.float32(3)).astype(np.float64) * np.pi * 0.25
    s = 0.70710678118654752440
    turns = np.array([(1, 0), (-s, -s), (0, 1), (s, -s), (-1, 0), (s, s), (0, -1), (-s, s)])
    distance = (f + np.float32(3)) - np.arange(8, dtype=np.float32)[:, None]
    y = -distance.astype(np.float64) * np.pi * 0.25
    near = np.abs(distance) < np.float32(1e-6)
    sines = turns[:, :1] * np.sin(start) + turns[:, 1:] * np.cos(start)
    weights = np.where(near, 1e30, sines / np.where(near, 1, y * y)).astype(np.float32)
    total = weights[0]
    for k in range(1, 8):
        total = total + weights[k]
    weights = weights * (np.float32(1) / total)
    return (left + np.arange(-3, 5)[:, None]).clip(0, source - 1), weights
