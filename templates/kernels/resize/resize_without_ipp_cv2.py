import cv2
import numpy as np


def resize_without_ipp(x: np.ndarray, size: tuple[int, int], interpolation: int) -> np.ndarray:
    """`cv2.resize` by OpenCV's own code; the switch, which is this thread's, is put back."""
    used = cv2.ipp.useIPP()
    if not used:
        return cv2.resize(x, size, interpolation=interpolation)
    cv2.ipp.setUseIPP(False)
    try:
        return cv2.resize(x, size, interpolation=interpolation)
    finally:
        cv2.ipp.setUseIPP(True)
