import numpy as np


def unflattened(x: np.ndarray, axis: int, sizes: list[int]) -> np.ndarray:
    """An axis, counted from the last one, as several of these sizes."""
    at = x.ndim + axis
    return x.reshape(*x.shape[:at], *sizes, *x.shape[at + 1 :])
