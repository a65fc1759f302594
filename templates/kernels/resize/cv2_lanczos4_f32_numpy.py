from functools import lru_cache

import numpy as np

from kernels.resize.convolved_f32_numpy import convolved_f32
from kernels.resize.cv2_lanczos4_taps_numpy import cv2_lanczos4_taps


def cv2_lanczos4_f32(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_LANCZOS4 on float32."""
    if x.shape[:2] == (h, w):
        return x.copy()
    rows, columns = cv2_lanczos4_f32_taps(x.shape[0], h), cv2_lanczos4_f32_taps(x.shape[1], w)
    return convolved_f32(x, rows, columns)


@lru_cache(maxsize=64)
def cv2_lanczos4_f32_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The taps of each row or column."""
    return cv2_lanczos4_taps(source, target)
