import numpy as np

from kernels.values.tree_sum_numpy import tree_sum


@np.errstate(over="ignore", invalid="ignore")
def expected_value(x: np.ndarray, values: np.ndarray, axis: int) -> np.ndarray:
    """The sum along an axis of the numbers times these values, rounded to float32 once."""
    products = np.multiply(np.moveaxis(x, axis, -1), values, dtype=np.float64)
    return tree_sum(products)[..., 0].astype(np.float32)
