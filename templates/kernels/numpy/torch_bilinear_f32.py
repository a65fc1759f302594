import numpy as np


def torch_bilinear_f32(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """torch's bilinear interpolation of float32, but for the order of its sums."""
    if (x.shape[0], x.shape[1]) == (h, w):
        return x.copy()
    for axis, target in ((1, w), (0, h)):
        source = x.shape[axis]
        scale = np.float64(np.float32(source) / np.float32(target))
        place = np.maximum((scale * (np.arange(target) + 0.5) - 0.5).astype(np.float32), 0)
        left = np.minimum(place.astype(np.int64), source - 1)
        right = np.minimum(left + 1, source - 1)
        a1 = np.where(left < right, place - left.astype(np.float32), np.float32(0))
        a1 = a1.reshape(-1, *(1,) * (x.ndim - 1 - axis))
        x = x.take(left, axis) * (np.float32(1) - a1) + x.take(right, axis) * a1
    return x
