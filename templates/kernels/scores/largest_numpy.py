import numpy as np

from kernels.scores.best_index_numpy import best_index


def largest(x: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest value along an axis and its first index; NaN never wins."""
    index = best_index(x, axis)
    if x.ndim == 1:
        return x[index], index
    return np.take_along_axis(x, np.expand_dims(index, axis), axis).squeeze(axis), index
