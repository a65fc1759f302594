from functools import lru_cache

import numpy as np


def torch_bilinear_u8(x: np.ndarray, h: int, w: int) -> np.ndarray:
    """torch's bilinear interpolation of uint8, in its 16-bit fixed point, horizontal first."""
    if (x.shape[0], x.shape[1]) == (h, w):
        return x.copy()
    across = torch_bilinear_pass(x.swapaxes(0, 1), w).swapaxes(0, 1)
    return torch_bilinear_pass(across, h)


def torch_bilinear_pass(x: np.ndarray, target: int) -> np.ndarray:
    """The pass over the first axis."""
    if x.shape[0] == target:
        return x
    left, right, a0, a1, bits = torch_bilinear_taps(x.shape[0], target)
    shape = (target, *(1,) * (x.ndim - 1))
    total = x[left] * a0.reshape(shape)
    total += x[right] * a1.reshape(shape)
    total += 1 << (bits - 1)
    total >>= bits
    return total.astype(np.uint8)


@lru_cache(maxsize=64)
def torch_bilinear_taps(
    source: int, target: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """Two source indices and integer weights for each target pixel, and their fraction bits."""
    place = np.maximum((source / target) * (np.arange(target) + 0.5) - 0.5, 0.0)
    left = np.minimum(place.astype(np.int64), source - 1)
    right = np.minimum(left + 1, source - 1)
    a1 = np.where(left < right, place - left, 0.0)
    a0 = 1.0 - a1
    largest = max(float(a0.max()), float(a1.max()))
    bits = 0
    while int(0.5 + largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    unit = float(1 << bits)
    return left, right, (a0 * unit + 0.5).astype(np.int32), (a1 * unit + 0.5).astype(np.int32), bits
