import numpy as np


def power(x: np.ndarray, exponent: float) -> np.ndarray:
    """x ** exponent in float64, rounded to float32 once."""
    with np.errstate(invalid="ignore"):  # of a number below 0
        return np.power(x, exponent, dtype=np.float64).astype(np.float32)
