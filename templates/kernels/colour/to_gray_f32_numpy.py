import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def to_gray_f32(x: np.ndarray, rgb: list[int]) -> np.ndarray:
    """The luma of uint8 [h, w, c] as torchvision computes it, as [h, w, 1]; `rgb` are channels."""
    r, g, b = rgb
    gray = np.empty((*x.shape[:2], 1), np.uint8)
    for rows in row_slices(*x.shape[:2]):
        total = x[rows, :, r] * np.float32(0.2989)
        total += x[rows, :, g] * np.float32(0.587)
        total += x[rows, :, b] * np.float32(0.114)
        gray[rows, :, 0] = total
    return gray
