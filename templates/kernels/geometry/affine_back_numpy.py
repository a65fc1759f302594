import numpy as np


@np.errstate(all="ignore")  # a matrix may hold anything
def affine_back(matrix: np.ndarray) -> np.ndarray:
    """The inverse of a map [2, 3] in float64, of one that has none 0."""
    (a, b, c), (d, e, f) = matrix.astype(np.float64)
    determinant = a * e - b * d
    scale = 1 / determinant if determinant else np.float64(0)
    a, b, d, e = e * scale, -b * scale, -d * scale, a * scale
    return np.array([[a, b, -a * c - b * f], [d, e, -d * c - e * f]])
