import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def points_by_matrix(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points (x, y) where an affine map [2, 3] puts them, in float64, rounded to float32 once."""
    (a, b, c), (d, e, f) = matrix.astype(np.float64)
    x, y = points[..., 0].astype(np.float64), points[..., 1].astype(np.float64)
    return np.stack([a * x + b * y + c, d * x + e * y + f], -1).astype(np.float32)
