import numpy as np


def points_clipped(points: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Points (x, y) limited to an image of this height and width."""
    h, w = size
    high = np.array([w, h], np.float32)
    points = np.where(points < 0, np.float32(0), points)
    return np.where(points > high, high, points)
