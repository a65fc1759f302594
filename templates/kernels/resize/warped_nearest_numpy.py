import numpy as np

from kernels.resize.warped_pixels_numpy import warped_pixels
from kernels.resize.warped_places_numpy import warped_places, warped_places_1024


@np.errstate(all="ignore")  # a matrix may hold anything
def warped_nearest(
    x: np.ndarray, matrix: np.ndarray, h: int, w: int, fill: np.generic, fixed: bool
) -> np.ndarray:
    """OpenCV's warpAffine with INTER_NEAREST: that of OpenCV 5, or `fixed` up to 4."""
    if fixed:
        rows, columns = warped_places_1024(matrix, h, w, x.shape, 512)
        found = warped_pixels(x, rows >> 10, columns >> 10, fill)
    else:
        rows, columns = (np.rint(v).astype(np.int64) for v in warped_places(matrix, h, w, x.shape))
        found = warped_pixels(x, rows, columns, fill)
    return found.reshape(h, w, *x.shape[2:])
