import numpy as np

from kernels.values.tree_sum_numpy import tree_sum


def mean_variance(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the mean squared deviation of each row, float64 [rows, 1].

    The same on every backend: of integers the sums are exact, of float32 they are a tree's.
    """
    n = x.shape[1]
    if x.dtype == np.float32:
        mean = tree_sum(x.astype(np.float64)) / n
        deviation = x - mean
        deviation *= deviation
        return mean, tree_sum(deviation) / n
    levels = np.arange(np.iinfo(x.dtype).max + 1)
    counts = np.stack([np.bincount(row, minlength=levels.size) for row in x])
    total = (counts * levels).sum(axis=1, keepdims=True)
    squares = (counts * levels**2).sum(axis=1, keepdims=True)
    whole = total // n  # deviations from a whole number have exact sums
    rest = total - n * whole
    spread = squares - 2 * whole * total + n * whole * whole
    variance = (spread.astype(np.float64) - (rest * rest).astype(np.float64) / n) / n
    return total.astype(np.float64) / n, variance
