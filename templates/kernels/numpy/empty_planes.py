import numpy as np

from kernels.numpy.check_out import check_out


def empty_planes(x: np.ndarray, count: int, out: np.ndarray | None) -> np.ndarray:
    """Memory for float32 planes [count, h, w] of the image: `out`, where that can be written."""
    shape = (count, x.shape[0], x.shape[1])
    if out is None:
        return np.empty(shape, np.float32)
    check_out(out, shape, np.float32)
    if np.may_share_memory(x, out):  # the result is copied into `out` at the end
        return np.empty(shape, np.float32)
    return out
