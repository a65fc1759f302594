import numpy as np


def boxes_clipped(boxes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Boxes (x1, y1, x2, y2) limited to an image of this height and width."""
    h, w = size
    high = np.array([w, h, w, h], np.float32)
    return np.minimum(np.maximum(boxes, np.float32(0)), high)
