import numpy as np

from kernels.scores.best_index_numpy import best_index


def top_k(x: np.ndarray, k: int, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """The k largest values along an axis and their indices; ties by index, NaN last."""
    index = largest_few(x, k) if x.ndim == 1 and k > 1 else None
    if k == 1:
        few = list(x.shape)
        few[axis] = 1
        index = best_index(x, axis).reshape(few)
    elif index is None:
        index = np.argsort(-x, axis=axis, kind="stable").take(range(k), axis)
    return x[index] if x.ndim == 1 else np.take_along_axis(x, index, axis), index


def largest_few(x: np.ndarray, k: int) -> np.ndarray | None:
    """The indices of the k largest of many values; None where few are left out, or one is NaN.

    All that equal the last one are sorted, so that a tie is parted by index.
    """
    if len(x) < 8 * k:
        return None
    few = np.partition(x, len(x) - k)[len(x) - k :]
    if np.isnan(few).any():  # it stands among the last
        return None
    near = np.flatnonzero(x >= few[0])
    return near[np.argsort(-x[near], kind="stable")[:k]]
