import numpy as np


@np.errstate(over="ignore", invalid="ignore", under="ignore")  # infinity less itself is NaN
def log_softmax(x: np.ndarray, axis: int) -> np.ndarray:
    """x - max - log(sum of exp(x - max)) in float64, rounded to float32 once."""
    less = np.subtract(x, x.max(axis, keepdims=True), dtype=np.float64)
    less -= np.log(np.exp(less).sum(axis, keepdims=True))
    return less.astype(np.float32)
