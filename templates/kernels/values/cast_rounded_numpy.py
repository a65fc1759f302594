import numpy as np


def cast_rounded(rounded: np.ndarray, dtype: type, low: int, high: int) -> np.ndarray:
    """Whole float64 numbers as integers: out of range becomes the nearest bound, NaN becomes 0."""
    limited = np.where(np.isnan(rounded), 0.0, rounded).clip(low, high)
    too_large = limited >= 2.0**63  # the bound of int64 itself rounds up to 2**63
    return np.where(too_large, high, np.where(too_large, 0.0, limited).astype(np.int64)).astype(
        dtype
    )
