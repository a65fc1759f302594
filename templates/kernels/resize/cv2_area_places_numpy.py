from functools import lru_cache

import numpy as np


@lru_cache(maxsize=64)
def cv2_area_places(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For an enlargement: the source pixel of each target pixel, and the fraction of the way."""
    inverse = target / source
    i = np.arange(target)
    left = np.floor(i * (1 / inverse))
    fraction = ((i + 1) - (left + 1) * inverse).astype(np.float32)
    fraction = np.where(fraction <= 0, np.float32(0), fraction - np.floor(fraction))
    return left.astype(np.int64), fraction
