import numpy as np


def windowed(
    x: np.ndarray, low: float, high: float, start: float, width: float, offset: float
) -> np.ndarray:
    """(x - start) / width + offset in float64; 0 up to `low`, 1 above `high`; as float32."""
    real = np.array(x, np.float64)
    below, above = real <= low, real > high
    real -= start
    real /= width
    real += offset
    real[below] = 0.0
    real[above] = 1.0
    return real.astype(np.float32)
