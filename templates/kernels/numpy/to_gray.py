import numpy as np


def to_gray(x: np.ndarray, weights: np.ndarray, shift: int) -> np.ndarray:
    """The luma of uint8 [h, w, c] as [h, w, 1]: weights in channel order, in units of 2**-shift."""
    total = (x.astype(np.int32) * weights).sum(axis=2, keepdims=True, dtype=np.int32)
    return ((total + (1 << (shift - 1))) >> shift).astype(np.uint8)
