import numpy as np


def overlaps(a: np.ndarray, b: np.ndarray, iou: float) -> np.ndarray:
    """For each box of `a` and of `b` whether their intersection over union is above `iou`."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        area_a = (a[:, 2] - a[:, 0]) * (a[:, 3] - a[:, 1])
        area_b = (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])
        a = a[:, None]
        w = np.minimum(a[..., 2], b[:, 2]) - np.maximum(a[..., 0], b[:, 0])
        h = np.minimum(a[..., 3], b[:, 3]) - np.maximum(a[..., 1], b[:, 1])
        inter = np.maximum(w, np.float32(0)) * np.maximum(h, np.float32(0))
        share = inter / ((area_a[:, None] + area_b) - inter)
        hit: np.ndarray = share.astype(np.float64) > iou
    return hit
