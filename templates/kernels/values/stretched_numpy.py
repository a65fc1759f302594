import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # infinity less itself is NaN
def stretched(x: np.ndarray, axes: list[int], eps: float) -> np.ndarray:
    """(x - min) / (max - min + eps) in float64, rounded to float32 once; 0 where that is 0/0.

    Min and max are those along `axes`.
    """
    along = tuple(axes)
    low = x.min(axis=along, keepdims=True).astype(np.float64) + 0.0  # of two zeros the plain one
    spread = x.max(axis=along, keepdims=True).astype(np.float64) - low + eps
    real = x - low
    real /= np.where(spread == 0, 1.0, spread)
    return real.astype(np.float32)
