import numpy as np


def grid_points(h: int, w: int, strides: tuple[int, ...]) -> np.ndarray:
    """The column, the row and the stride of each place, level by level: known numbers."""
    levels = []
    for side in strides:
        rows, columns = np.mgrid[: h // side, : w // side]
        levels.append(np.stack([columns.ravel(), rows.ravel(), np.full(rows.size, side)]))
    return np.concatenate(levels, axis=1)
