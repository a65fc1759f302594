import numpy as np

PART = 262_144
"""Products at once: of so many OpenBLAS takes no second thread, which on a busy machine waits."""


@np.errstate(over="ignore", invalid="ignore")
def matmul(x: np.ndarray, y: np.ndarray, axes: tuple[int, int]) -> np.ndarray:
    """The sum of products over one axis of each, in float64, rounded to float32 once."""
    first, second = np.moveaxis(x, axes[0], -1), np.moveaxis(y, axes[1], 0)
    k = second.shape[0]
    rows = first.reshape(-1, k).astype(np.float64)
    columns = second.reshape(k, -1)
    found: np.ndarray = np.empty((rows.shape[0], columns.shape[1]), np.float32)
    step = max(1, PART // max(1, rows.size))
    for i in range(0, columns.shape[1], step):
        found[:, i : i + step] = rows @ columns[:, i : i + step].astype(np.float64)
    return found.reshape(first.shape[:-1] + second.shape[1:])
