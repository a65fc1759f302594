from typing import Any

import numpy as np


def check_array(name: str, value: Any, dtype: type, shape: tuple[str | int, ...]) -> None:
    """Refuse what is not an array of this dtype and shape; a str stands for any size above 0."""
    plain = isinstance(value, np.ndarray | np.generic)
    if not plain or isinstance(value, np.ma.MaskedArray | np.matrix):
        raise TypeError(f"{name}: expected a numpy array, got {type(value).__name__}")
    if value.dtype != np.dtype(dtype):
        raise TypeError(f"{name}: expected dtype {np.dtype(dtype)}, got {value.dtype}")
    fits = len(value.shape) == len(shape) and all(
        size > 0 if isinstance(wanted, str) else size == wanted
        for size, wanted in zip(value.shape, shape, strict=False)
    )
    if not fits:
        wanted = ", ".join(map(str, shape)) + "," * (len(shape) == 1)
        raise ValueError(f"{name}: expected shape ({wanted}), got {value.shape}")
