import numpy as np

from kernels.geometry.affine_back_numpy import affine_back


def warped_places(
    matrix: np.ndarray, h: int, w: int, source: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """The row and the column of each pixel's source in float32; -2 for what lies outside.

    The matrix maps the picture to the result.
    """
    (a, b, c), (d, e, f) = affine_back(matrix).astype(np.float32)
    x, y = np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32)[:, None]
    return near_picture(x * d + (y * e + f), source[0], 1), near_picture(
        x * a + (y * b + c), source[1], 1
    )


def warped_places_1024(
    matrix: np.ndarray, h: int, w: int, source: tuple[int, ...], more: int
) -> tuple[np.ndarray, np.ndarray]:
    """The same in units of 1/1024 pixel and so much more, whole numbers in int64."""
    (a, b, c), (d, e, f) = affine_back(matrix)
    x, y = np.arange(w, dtype=np.float64), np.arange(h, dtype=np.float64)[:, None]
    rows = np.rint((e * y + f) * 1024) + np.rint(d * x * 1024) + more
    columns = np.rint((b * y + c) * 1024) + np.rint(a * x * 1024) + more
    return (
        near_picture(rows, source[0], 1024).astype(np.int64),
        near_picture(columns, source[1], 1024).astype(np.int64),
    )


def near_picture(places: np.ndarray, size: int, unit: int) -> np.ndarray:
    """The places from one pixel before the picture on to its end, and -2 pixels for others."""
    inside = (places >= -unit) & (places < size * unit)
    return np.where(inside, places, places.dtype.type(-2 * unit))
