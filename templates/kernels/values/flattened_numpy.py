import math

import numpy as np


def flattened(x: np.ndarray, first: int, last: int) -> np.ndarray:
    """The axes from one to another, counted from the last axis, as one."""
    first, last = x.ndim + first, x.ndim + last + 1
    merged = math.prod(x.shape[first:last])
    return x.reshape(*x.shape[:first], merged, *x.shape[last:])
