import numpy as np


def taken(x: np.ndarray, index: np.ndarray, axis: int) -> np.ndarray:
    """The places of an axis, counted from the last one, that an index names."""
    n = x.shape[axis]
    if index.size and (index.min() < 0 or index.max() >= n):
        raise ValueError(f"an index outside the {n} places of an axis")
    return np.take(x, index, x.ndim + axis)
