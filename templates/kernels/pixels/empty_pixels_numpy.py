import numpy as np

from kernels.checks.check_out_numpy import check_out


def empty_pixels(x: np.ndarray, out: np.ndarray | None) -> np.ndarray:
    """Memory in one piece for as many float32 as `x` has values: `out`, where it is such."""
    if out is not None:
        check_out("out", out, x.shape, np.float32)
        if out.flags.c_contiguous and not np.may_share_memory(x, out):
            return out
    return np.empty(x.shape, np.float32)
