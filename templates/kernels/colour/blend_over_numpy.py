import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def blend_over(x: np.ndarray, order: list[int], alpha_at: int, fill: np.ndarray) -> np.ndarray:
    """The channels `order` of uint8 [h, w, c], blended over a ground as Pillow pastes.

    Alpha is the channel `alpha_at`; `fill` has a number for each channel of the result.
    """
    blended = np.empty((*x.shape[:2], len(order)), np.uint8)
    ground = fill.astype(np.uint16)
    for rows in row_slices(*x.shape[:2]):
        alpha = x[rows, :, alpha_at].astype(np.uint16)
        through = 255 - alpha
        for c, channel in enumerate(order):
            total = x[rows, :, channel] * alpha
            total += through * ground[c]
            total += 128
            total += total >> 8  # at most 65407
            total >>= 8
            blended[rows, :, c] = total
    return blended
