import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # infinity less itself is NaN
def stretched(x: np.ndarray, channel: int | None, eps: float) -> np.ndarray:
    """(x - min) / (max - min + eps) in float64, rounded to float32 once; 0 where that is 0/0.

    With a `channel`, the axis of the channels, each has its own min and max.
    """
    axes = tuple(axis for axis in range(x.ndim) if axis != channel)
    low = x.min(axis=axes, keepdims=True).astype(np.float64) + 0.0  # of two zeros the plain one
    spread = x.max(axis=axes, keepdims=True).astype(np.float64) - low + eps
    real = x - low
    real /= np.where(spread == 0, 1.0, spread)
    return real.astype(np.float32)
