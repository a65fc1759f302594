import numpy as np


def best_index(x: np.ndarray, axis: int) -> np.ndarray:
    """The first index of the largest value along an axis; NaN never wins."""
    if x.ndim == 1:
        index = x.argmax(-1)
        if x[index] == x[index]:
            return index
    if axis == -1 or x.shape[axis] > 256 or x.size < 4096 * x.shape[axis]:
        index = x.argmax(axis)
        best = np.take_along_axis(x, np.expand_dims(index, axis), axis)
    else:
        index, best = best_plane(np.moveaxis(x, axis, 0))
    if np.isnan(best).any():
        return (x == np.fmax.reduce(x, axis, keepdims=True)).argmax(axis)
    return index


def best_plane(planes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where of up to 256 planes the largest value is, and that: a plane at a time, so that all of
    memory is read in its order."""
    best = planes[0].copy()
    index = np.zeros(best.shape, np.uint8)
    above = np.empty(best.shape, np.bool_)
    number = above.view(np.uint8)
    for k in range(1, len(planes)):
        np.greater(planes[k], best, out=above)
        np.maximum(planes[k], best, out=best)
        np.multiply(number, np.uint8(k), out=number)
        np.maximum(index, number, out=index)
    return index.astype(np.int64), best
