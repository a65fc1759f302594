from functools import lru_cache

import numpy as np


@lru_cache(maxsize=1)
def spare_planes(h: int, w: int, c: int) -> list[list[np.ndarray]]:
    """Planes of the last size that no call is using: a call takes some, and puts them back.

    A list gives and takes whole items: no two threads have the same planes.
    """
    return []
