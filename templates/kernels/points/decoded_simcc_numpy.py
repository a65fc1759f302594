import numpy as np

from kernels.scores.largest_numpy import largest


def decoded_simcc(x: np.ndarray, y: np.ndarray, split: float) -> tuple[np.ndarray, np.ndarray]:
    """Where rows along x and along y are largest, and the smaller one of these two numbers."""
    of_x, column = largest(x, -1)
    of_y, row = largest(y, -1)
    scores = np.where(np.isnan(of_y) | (of_x > of_y), of_y, of_x)
    places = np.where(scores[..., None] > 0, np.stack([column, row], -1), -1)
    return places.astype(np.float32) / np.float32(split), scores
