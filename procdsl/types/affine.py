"""Affine maps of coordinates: (x, y) -> (a x + b y + c, d x + e y + f), of a matrix [2, 3].

All is computed in float64 in the order in which it is written here, one rounding an operation, and
rounded to float32 once. Points are [..., 2] of (x, y), boxes [..., 4] of (x1, y1, x2, y2). A box
becomes the upright box round its four corners.
"""

from __future__ import annotations

from procdsl.lazy import np


def inverse(matrix: np.ndarray) -> np.ndarray:
    """The matrix of the way back in float64, as OpenCV's `warpAffine` computes it.

    Of one that has none it is 0: all comes from the point (0, 0).
    """
    (a, b, c), (d, e, f) = matrix.astype(np.float64)
    determinant = a * e - b * d
    scale = 1 / determinant if determinant else np.float64(0)
    a, b, d, e = e * scale, -b * scale, -d * scale, a * scale
    return np.array([[a, b, -a * c - b * f], [d, e, -d * c - e * f]])


def points(x: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Points where the map puts them."""
    (a, b, c), (d, e, f) = matrix.astype(np.float64)
    x, y = (x[..., i].astype(np.float64) for i in (0, 1))
    return np.stack([a * x + b * y + c, d * x + e * y + f], -1).astype(np.float32)


def boxes(x: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The upright boxes round the boxes where the map puts them: their middle, and half a side."""
    (a, b, c), (d, e, f) = matrix.astype(np.float64)
    x1, y1, x2, y2 = (x[..., i].astype(np.float64) for i in range(4))
    x, y, w, h = (x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2
    across, down = abs(a) * w + abs(b) * h, abs(d) * w + abs(e) * h
    x, y = a * x + b * y + c, d * x + e * y + f
    return np.stack([x - across, y - down, x + across, y + down], -1).astype(np.float32)
