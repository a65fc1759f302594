"""`pil.nearest`: Pillow's NEAREST.

Column x of the result is the column of the source at `0.5 * step + step + ... + step` (x times,
each sum rounded to float64), `step = source / target`, cut to a whole number; likewise the rows.
Pixels are copied, those of f32 as Pillow copies an image of mode F; RGBA is not premultiplied. The
same in every version of Pillow.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.types.dtypes import DTYPES
from procdsl.types.numerics import EXACT


def indices(source: int, target: int) -> list[int]:
    """The source index of each target index."""
    step = source / target
    places = np.add.accumulate(np.append(step * 0.5, np.full(target - 1, step)))
    return [min(int(place), source - 1) for place in places]


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    return x[indices(x.shape[0], h)][:, indices(x.shape[1], w)]


SAMPLER = Sampler(numerics=dict.fromkeys(DTYPES, EXACT), reference=reference, picks=True)
