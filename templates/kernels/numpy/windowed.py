import numpy as np


def windowed(
    x: np.ndarray, low: float, high: float, start: float, width: float, offset: float
) -> np.ndarray:
    """(x - start) / width + offset in float64; 0 up to `low`, 1 above `high`; as float32."""
    real = x.astype(np.float64)
    inside = (real - start) / width + offset
    return np.where(real <= low, 0.0, np.where(real > high, 1.0, inside)).astype(np.float32)
