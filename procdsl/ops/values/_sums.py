"""A sum that is the same on every backend."""

from __future__ import annotations

from procdsl.lazy import np


def tree_sum(x: np.ndarray, axis: int) -> np.ndarray:
    """The sum along an axis, which stays as one of 1: the second half is added to the first, again
    and again."""
    x = np.moveaxis(x, axis, 0).copy()
    while len(x) > 1:
        half = (len(x) + 1) // 2
        x[: len(x) - half] += x[half:]
        x = x[:half]
    return np.moveaxis(x, 0, axis)
