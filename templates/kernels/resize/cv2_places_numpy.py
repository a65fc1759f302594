import numpy as np


def cv2_places(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The source pixel left of each target pixel, and the fraction of the way to the next."""
    scale = 1 / (target / source)
    place = ((np.arange(target) + 0.5) * scale - 0.5).astype(np.float32)
    left = np.floor(place)
    return left.astype(np.int64), place - left
