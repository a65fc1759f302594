from collections.abc import Mapping
from typing import Any

import numpy as np


def check_array(
    name: str,
    value: Any,
    dtype: type,
    shape: tuple[str | int, ...],
    least: Mapping[str, int] | None = None,
    batch: bool = False,
) -> None:
    """Refuse what is not an array of this dtype and shape, or a batch of them in one array.

    A str in the shape stands for any size, `h` and `w` for 1 to 16384 pixels.

    `least` says how long an axis must be.
    """
    if type(value) is np.ndarray and value.dtype == dtype and value.ndim == len(shape):
        # The usual array, which needs no more than this.
        for axis, size in zip(shape, value.shape, strict=True):
            if size != axis and (type(axis) is int or not 0 < size <= 16384):
                break
        else:
            if least is None and not batch:
                return
    plain = isinstance(value, np.ndarray | np.generic)
    if not plain or isinstance(value, np.ma.MaskedArray | np.matrix):
        raise TypeError(f"{name}: expected a numpy array, got {type(value).__name__}")
    if value.dtype != dtype:
        raise TypeError(f"{name}: expected dtype {np.dtype(dtype)}, got {value.dtype}")
    sizes = value.shape[1:] if batch else value.shape
    fits = value.ndim == len(shape) + batch
    for axis, size in zip(shape, sizes, strict=False):
        fits = fits and (isinstance(axis, str) or size == axis)
    if not fits:
        wanted = ", ".join(map(str, ("samples", *shape) if batch else shape))
        comma = "," * (len(shape) + batch == 1)
        raise ValueError(f"{name}: expected shape ({wanted}{comma}), got {value.shape}")
    for axis, size in zip(shape, sizes, strict=True):
        if axis in ("h", "w") and not 0 < size <= 16384:  # refused before memory is taken for it
            raise ValueError(f"{name}: expected sides of 1 to 16384 pixels, got {value.shape}")
        if least is not None and size < least.get(str(axis), 0):
            raise ValueError(
                f"{name}: expected {axis} of {least[str(axis)]} or more, got {value.shape}"
            )
