from functools import lru_cache

import numpy as np


@lru_cache(maxsize=16)
def of_two_levels(table: bytes) -> np.ndarray:
    """A table of two neighbouring levels at once, read as one uint16: float64 [1, 65536].

    Each float64 is the memory of two float32, which `table` gives for the 256 levels.
    """
    levels = np.arange(2**16, dtype=np.uint16).view(np.uint8).reshape(-1, 2)
    return np.frombuffer(table, np.float32)[levels].view(np.float64).reshape(1, -1)
