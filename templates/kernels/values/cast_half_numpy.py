import numpy as np


def cast_half(x: np.ndarray) -> np.ndarray:
    """Numbers as float16, rounded to the nearest; from 65520 on they are infinite, unwarned."""
    with np.errstate(over="ignore"):
        return x.astype(np.float16)
