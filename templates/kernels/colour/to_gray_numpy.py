import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def to_gray(x: np.ndarray, weights: np.ndarray, shift: int) -> np.ndarray:
    """The luma of uint8 [h, w, c] as [h, w, 1]: weights in channel order, in units of 2**-shift."""
    gray = np.empty((*x.shape[:2], 1), np.uint8)
    for rows in row_slices(*x.shape[:2]):
        total = np.multiply(x[rows, :, 0], weights[0], dtype=np.int32)  # numpy 1 would take int16
        for channel in range(1, len(weights)):
            total += np.multiply(x[rows, :, channel], weights[channel], dtype=np.int32)
        total += 1 << (shift - 1)
        total >>= shift
        gray[rows, :, 0] = total
    return gray
