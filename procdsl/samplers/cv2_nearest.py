"""`cv2.nearest`: OpenCV's INTER_NEAREST.

Row y of the result is row `floor(y / (dh / sh))` of the source, computed in float64 as written,
and likewise the columns. Pixels are copied, so any dtype is exact.
"""

from __future__ import annotations

import math

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.types.dtypes import DTYPES
from procdsl.types.numerics import EXACT


def indices(source: int, target: int) -> list[int]:
    """The source index of each target index."""
    step = 1 / (target / source)
    return [min(math.floor(i * step), source - 1) for i in range(target)]


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return x[indices(x.shape[0], h)][:, indices(x.shape[1], w)]


SAMPLER = Sampler(numerics=dict.fromkeys(DTYPES, EXACT), reference=reference, picks=True)
