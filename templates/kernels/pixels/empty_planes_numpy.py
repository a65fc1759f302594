import numpy as np

from kernels.checks.check_out_numpy import check_out


def empty_planes(x: np.ndarray, count: int, h: int, w: int, out: np.ndarray | None) -> np.ndarray:
    """Memory for float32 planes [count, h, w] made of `x`: `out`, where that can be written."""
    shape = (count, h, w)
    if out is None:
        return np.empty(shape, np.float32)
    check_out("out", out, shape, np.float32)
    if np.may_share_memory(x, out):  # the result is copied into `out` at the end
        return np.empty(shape, np.float32)
    return out
