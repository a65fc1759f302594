"""`cv2.nearest_exact`: OpenCV 5's INTER_NEAREST_EXACT, which is Pillow's NEAREST.

The centre of each target pixel, counted in float64 from the first one on, and rounded down.
OpenCV 4 computed other places; all modules gather pixels themselves, whatever is installed.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.types.dtypes import DTYPES
from procdsl.types.numerics import EXACT


def indices(source: int, target: int) -> list[int]:
    """The source index of each target index."""
    step = source / target
    place, found = step * 0.5, []
    for _ in range(target):
        found.append(min(int(place), source - 1))
        place += step
    return found


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return x[indices(x.shape[0], h)][:, indices(x.shape[1], w)]


SAMPLER = Sampler(numerics=dict.fromkeys(DTYPES, EXACT), reference=reference, picks=True)
