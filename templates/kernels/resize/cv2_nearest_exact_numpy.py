from functools import lru_cache

import numpy as np

from kernels.resize.nearest_exact_places import nearest_exact_places
from kernels.resize.picked_pixels_numpy import picked_pixels


def cv2_nearest_exact(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """OpenCV 5's INTER_NEAREST_EXACT."""
    rows = cv2_nearest_exact_index(x.shape[0], h)
    return picked_pixels(x, rows, cv2_nearest_exact_index(x.shape[1], w))


@lru_cache(maxsize=64)
def cv2_nearest_exact_index(source: int, target: int) -> np.ndarray:
    return np.array(nearest_exact_places(source, target))
