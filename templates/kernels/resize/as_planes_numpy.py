import numpy as np


def as_planes(x: np.ndarray) -> np.ndarray:
    """A copy that is, in memory, plane after plane: numpy fills rows faster than pixels."""
    return x.copy() if x.ndim == 2 else x.transpose(2, 0, 1).copy().transpose(1, 2, 0)
