from typing import Any

import numpy as np


def check_out(name: str, out: Any, shape: tuple[int, ...], dtype: type | np.dtype) -> None:
    """Refuse what a result of this shape and dtype cannot be written into."""
    plain = isinstance(out, np.ndarray) and not isinstance(out, np.ma.MaskedArray | np.matrix)
    fits = plain and out.dtype == dtype and out.shape == shape and out.flags.writeable
    if fits and out.flags.c_contiguous:
        return
    wanted = f"{name}: expected an array of {np.dtype(dtype)} {shape}"
    if not plain:
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
