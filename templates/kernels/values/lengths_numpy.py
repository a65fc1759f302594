import numpy as np

from kernels.values.tree_sum_numpy import tree_sum


def lengths(x: np.ndarray, axis: int) -> np.ndarray:
    """The length of each vector along an axis, which stays as one of 1, in float64."""
    real = np.moveaxis(x, axis, -1).astype(np.float64)
    real *= real
    return np.moveaxis(np.sqrt(tree_sum(real)), -1, axis)


@np.errstate(over="ignore")
def norm(x: np.ndarray, axis: int) -> np.ndarray:
    """The length of each vector along an axis, rounded to float32 once."""
    return lengths(x, axis).squeeze(axis).astype(np.float32)


@np.errstate(divide="ignore", invalid="ignore")  # nothing has no direction
def l2_normalized(x: np.ndarray, axis: int, eps: float) -> np.ndarray:
    """Vectors divided by their length, or by `eps` if that is more, rounded to float32 once."""
    return np.divide(x, np.maximum(lengths(x, axis), eps)).astype(np.float32)
