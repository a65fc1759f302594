import numpy as np


def convolved_whole(lines: np.ndarray, at: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The pass down over whole numbers with 11-bit weights, in 22 bits rounded half up."""
    total: np.ndarray = lines.take(at[0], axis=0).astype(np.int32)
    total *= weights[0]
    for places, weight in zip(at[1:], weights[1:], strict=True):
        line = lines.take(places, axis=0).astype(np.int32)
        line *= weight
        total += line
    total += 1 << 21
    total >>= 22
    return total.clip(0, 255, out=total)


def whole_weights(index: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Taps with their weights in units of 1/2048."""
    return index, np.rint(weights * np.float32(2048)).astype(np.int32)
