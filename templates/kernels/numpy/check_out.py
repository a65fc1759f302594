from typing import Any

import numpy as np


def check_out(out: Any, shape: tuple[int, ...], dtype: type | np.dtype) -> None:
    """Refuse what a result of this shape and dtype cannot be written into."""
    dtype = np.dtype(dtype)
    plain = isinstance(out, np.ndarray) and not isinstance(out, np.ma.MaskedArray | np.matrix)
    if not plain or out.shape != shape or out.dtype != dtype:
        came = f"{out.dtype} {out.shape}" if plain else type(out).__name__
        raise ValueError(f"out: expected an array of {dtype} {shape}, got {came}")
    if not out.flags.writeable:
        raise ValueError("out: expected an array that can be written, got a read-only one")
    reach = out.itemsize
    for stride, size in sorted(zip(map(abs, out.strides), shape, strict=True)):
        if size > 1 and stride < reach:
            raise ValueError("out: expected memory of its own for each value, got a view")
        reach = max(reach, stride * size)
