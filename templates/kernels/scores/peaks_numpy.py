import numpy as np


def peaks(x: np.ndarray, window: int) -> np.ndarray:
    """The numbers of f32[..., h, w] that none in a square about them is above; 0 for the others."""
    nan = np.isnan(x)
    known = np.where(nan, np.float32("-inf"), x)
    largest = largest_around(largest_around(known, window, -1), window, -2)
    return np.where((known == largest) & ~nan, x, np.float32(0))


def largest_around(x: np.ndarray, window: int, axis: int) -> np.ndarray:
    """For each place along an axis the largest number of the places about it."""
    found = np.moveaxis(x.copy(), axis, 0)
    of = np.moveaxis(x, axis, 0)
    for step in range(1, window // 2 + 1):
        found[step:] = np.maximum(found[step:], of[:-step])
        found[:-step] = np.maximum(found[:-step], of[step:])
    return np.moveaxis(found, 0, axis)
