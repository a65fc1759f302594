import numpy as np


def add_alpha(x: np.ndarray) -> np.ndarray:
    """The image with an opaque alpha channel."""
    opaque = np.full((*x.shape[:2], 1), 255, x.dtype)
    return np.concatenate([x, opaque], axis=2)
