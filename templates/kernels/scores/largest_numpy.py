import numpy as np


def largest(x: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest value along an axis and its first index; NaN never wins."""
    best = np.fmax.reduce(x, axis, keepdims=True)
    index = (x == best).argmax(axis, keepdims=True)
    return np.take_along_axis(x, index, axis).squeeze(axis), index.squeeze(axis)
