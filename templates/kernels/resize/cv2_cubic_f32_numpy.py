from functools import lru_cache

import numpy as np

from kernels.resize.convolved_f32_numpy import convolved_f32
from kernels.resize.cv2_cubic_taps_numpy import cv2_cubic_taps


def cv2_cubic_f32(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_CUBIC on float32, as it computes without IPP."""
    if x.shape[:2] == (h, w):
        return x.copy()
    return convolved_f32(x, cv2_cubic_f32_taps(x.shape[0], h), cv2_cubic_f32_taps(x.shape[1], w))


@lru_cache(maxsize=64)
def cv2_cubic_f32_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The taps of each row or column."""
    return cv2_cubic_taps(source, target)
