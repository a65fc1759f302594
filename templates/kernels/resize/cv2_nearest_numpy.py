import numpy as np

from kernels.resize.picked_pixels_numpy import picked_pixels


def cv2_nearest(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_NEAREST."""
    sh, sw = x.shape[:2]
    rows = np.minimum(np.floor(np.arange(h) * (1 / (h / sh))).astype(np.int64), sh - 1)
    columns = np.minimum(np.floor(np.arange(w) * (1 / (w / sw))).astype(np.int64), sw - 1)
    return picked_pixels(x, rows, columns)
