import numpy as np


def softmax(x: np.ndarray, axis: int) -> np.ndarray:
    """exp(x - max) / sum in float64, rounded to float32 once."""
    with np.errstate(invalid="ignore", under="ignore"):  # infinity less itself is NaN
        powers = np.subtract(x, np.maximum.reduce(x, axis, keepdims=True), dtype=np.float64)
        np.exp(powers, out=powers)
        powers /= np.add.reduce(powers, axis, keepdims=True)
        return powers.astype(np.float32)
