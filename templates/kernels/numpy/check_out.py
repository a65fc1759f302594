from typing import Any

import numpy as np


def check_out(name: str, out: Any, shape: tuple[int, ...], dtype: type | np.dtype) -> None:
    """Refuse what a result of this shape and dtype cannot be written into."""
    dtype = np.dtype(dtype)
    wanted = f"{name}: expected an array of {dtype} {shape}"
    if not isinstance(out, np.ndarray) or isinstance(out, np.ma.MaskedArray | np.matrix):
        raise TypeError(f"{wanted}, got {type(out).__name__}")
    if out.dtype != dtype:
        raise TypeError(f"{wanted}, got {out.dtype} {out.shape}")
    if out.shape != shape:
        raise ValueError(f"{wanted}, got {out.dtype} {out.shape}")
    if not out.flags.writeable:
        raise ValueError(f"{wanted} that can be written, got a read-only one")
    reach = out.itemsize
    for stride, size in sorted(zip(map(abs, out.strides), shape, strict=True)):
        if stride < reach and size > 1 and out.size:
            raise ValueError(f"{wanted} with memory of its own for each value, got a view")
        reach = max(reach, stride * size)
