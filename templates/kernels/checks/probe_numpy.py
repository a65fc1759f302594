import numpy as np


def probe(shape: tuple[int, ...], dtype: type) -> np.ndarray:
    """The built-in input of `self_check`: a hash of each index, zeros for int32 and int64."""
    n = np.arange(np.prod(shape, dtype=np.int64), dtype=np.int64)
    mixed = ((n + 1) * 2654435761 & 0xFFFFFFFF) >> 8
    kind: np.dtype = np.dtype(dtype)
    values: np.ndarray
    if kind.kind == "f":
        values = mixed.astype(np.float32) / np.float32(2**21) - np.float32(4)
    else:
        values = mixed >> {"uint8": 16, "uint16": 8}.get(kind.name, 32)
    return values.astype(kind).reshape(shape)
