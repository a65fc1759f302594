import numpy as np

from kernels.scores.top_k_numpy import top_k


def top_above(x: np.ndarray, bound: float, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest numbers above a bound of float32, at most `limit`, and their indices."""
    values, index = top_k(x, limit, -1)
    count = np.count_nonzero(values > np.float32(bound))  # NaN comes last
    return values[:count], index[:count]
