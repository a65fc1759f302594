import numpy as np

from kernels.resize.cv2_places_numpy import cv2_places


def cv2_cubic_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each target pixel four source pixels and their weights, both [4, target]."""
    left, f = cv2_places(source, target)
    g, r = f + 1, 1 - f
    first = ((-0.75 * g + 3.75) * g - 6) * g + 3
    second = (1.25 * f - 2.25) * f * f + 1
    third = (1.25 * r - 2.25) * r * r + 1
    weights = np.stack([first, second, third, 1 - first - second - third])
    return (left + np.arange(-1, 3)[:, None]).clip(0, source - 1), weights
