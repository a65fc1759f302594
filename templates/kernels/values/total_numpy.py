import numpy as np

from kernels.values.tree_sum_numpy import tree_sum


@np.errstate(over="ignore", invalid="ignore")
def total(x: np.ndarray, axes: list[int]) -> np.ndarray:
    """The sum along one axis or two, in float64, rounded to float32 once."""
    moved = np.moveaxis(x, axes, range(-len(axes), 0))
    if len(axes) == 2:
        *lead, m, n = moved.shape
        moved = moved.reshape(*lead, m * n)
    return tree_sum(moved.astype(np.float64))[..., 0].astype(np.float32)


def count(x: np.ndarray, axes: list[int]) -> np.ndarray:
    """The sum of whole numbers, or of masks, along axes."""
    return np.asarray(x.sum(axis=tuple(axes), dtype=np.int64))
