import numpy as np


def kept_confidence(scores: np.ndarray, kept: np.ndarray, product: bool) -> np.ndarray:
    """The mean or the product of the scores of steps that are kept, 0 where none is.

    In float64, the second half on the first again and again: an order that any library can keep.
    """
    x = np.append(np.where(kept, scores, np.float64(product)), np.float64(product))
    n, count = len(x), np.count_nonzero(kept)
    if not count:
        return np.zeros((), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        while n > 1:
            half = (n + 1) // 2
            if product:
                x[: n - half] *= x[half:n]
            else:
                x[: n - half] += x[half:n]
            n = half
        return np.asarray(np.float32(x[0] if product else x[0] / count))
