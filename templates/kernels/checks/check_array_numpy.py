from typing import Any

import numpy as np


def check_array(
    name: str, value: Any, dtype: type, shape: tuple[str | int, ...], batch: bool = False
) -> None:
    """Refuse what is not an array of this dtype and shape, or a batch of them in one array.

    A str in the shape stands for any size above 0, of `h` and `w` for one of at most 16384 pixels.
    """
    plain = isinstance(value, np.ndarray | np.generic)
    if not plain or isinstance(value, np.ma.MaskedArray | np.matrix):
        raise TypeError(f"{name}: expected a numpy array, got {type(value).__name__}")
    if value.dtype != dtype:
        raise TypeError(f"{name}: expected dtype {np.dtype(dtype)}, got {value.dtype}")
    sizes = value.shape[1:] if batch else value.shape
    fits = value.ndim == len(shape) + batch
    for axis, size in zip(shape, sizes, strict=False):
        fits = fits and (size > 0 if isinstance(axis, str) else size == axis)
    if not fits:
        wanted = ", ".join(map(str, ("samples", *shape) if batch else shape))
        comma = "," * (len(shape) + batch == 1)
        raise ValueError(f"{name}: expected shape ({wanted}{comma}), got {value.shape}")
    for axis, size in zip(shape, sizes, strict=True):
        if size > 16384 and axis in ("h", "w"):  # refused before memory is taken for it
            raise ValueError(f"{name}: expected sides of at most 16384 pixels, got {value.shape}")
