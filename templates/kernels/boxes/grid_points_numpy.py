from functools import lru_cache

import numpy as np


@lru_cache(maxsize=8)
def grid_points(h: int, w: int, strides: tuple[int, ...]) -> np.ndarray:
    """The column, the row and the stride of each place, level by level, f32[3, n]."""
    levels = []
    for stride in strides:
        rows, columns = np.mgrid[: h // stride, : w // stride]
        levels.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, stride)]))
    return np.concatenate(levels, axis=1).astype(np.float32)
