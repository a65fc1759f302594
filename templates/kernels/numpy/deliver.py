import numpy as np

from kernels.numpy.check_out import check_out


def deliver(x: np.ndarray, out: np.ndarray | None, name: str) -> np.ndarray:
    """The result in memory of its own, or in `out`."""
    if out is None:
        return np.ascontiguousarray(x)
    if x is not out:
        check_out(name, out, x.shape, x.dtype)
        out[...] = x
    return out
