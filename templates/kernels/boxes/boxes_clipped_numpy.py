import numpy as np


def boxes_clipped(boxes: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Boxes (x1, y1, x2, y2) limited to an image of this height and width."""
    h, w = size
    high = np.array([w, h, w, h], np.float32)
    boxes = np.where(boxes < 0, np.float32(0), boxes)
    return np.where(boxes > high, high, boxes)
