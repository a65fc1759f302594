import numpy as np


def tree_sum(x: np.ndarray) -> np.ndarray:
    """The sum along the last axis, which stays as one of 1, its second half added to its first.

    That again and again: an order that any library can add in; `x` is used up.
    """
    n = x.shape[-1]
    while n > 1:
        half = (n + 1) // 2
        x[..., : n - half] += x[..., half:n]
        n = half
    return x[..., :1]
