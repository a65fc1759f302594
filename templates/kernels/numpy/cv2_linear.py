from functools import lru_cache

import numpy as np

from kernels.numpy.halved import halved
from kernels.numpy.interpolated import interpolated
from kernels.numpy.weights_11_bit import weights_11_bit


def cv2_linear(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV's INTER_LINEAR on uint8, in its fixed point."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x.copy()
    if (sh, sw) == (2 * h, 2 * w):
        return halved(x)
    return interpolated(x, cv2_linear_taps(sh, h), cv2_linear_taps(sw, w))


@lru_cache(maxsize=64)
def cv2_linear_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each target pixel the source pixel left of it and the weights of it and the next."""
    scale = 1 / (target / source)
    place = ((np.arange(target) + 0.5) * scale - 0.5).astype(np.float32)
    left = np.floor(place)
    return left.astype(np.int64), *weights_11_bit(place - left)
