import numpy as np


def clipped(x: np.ndarray, low: float | None, high: float | None) -> np.ndarray:
    """Values below and above the bounds as the bounds; unlike np.clip it keeps the sign of 0."""
    if low is not None:
        x = np.where(x < np.float32(low), np.float32(low), x)
    if high is not None:
        x = np.where(x > np.float32(high), np.float32(high), x)
    return x
