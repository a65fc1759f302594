import numpy as np


def weights_11_bit(fraction: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weights of the left and the right pixel in units of 1/2048."""
    unit = np.float32(2048)
    left = np.rint((np.float32(1) - fraction) * unit)
    return left.astype(np.int32), np.rint(fraction * unit).astype(np.int32)
