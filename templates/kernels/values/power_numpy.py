import numpy as np


def power(x: np.ndarray, exponent: float) -> np.ndarray:
    """x ** exponent in float64, rounded to float32 once; a number below 0 counts as 0."""
    return (np.where(x < 0, 0.0, x.astype(np.float64)) ** exponent).astype(np.float32)
