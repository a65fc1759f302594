from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.banded_numpy import banded
from kernels.resize.bands_numpy import Bands
from kernels.resize.bands_of_numpy import bands_of
from kernels.resize.filter_weights_numpy import filter_weights
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.premultiplied_numpy import premultiplied, unpremultiplied
from kernels.resize.window_of import window_of


def pil_resize(
    x: np.ndarray,
    h: int,
    w: int,
    filter_: str,
    version: int = 13,
    part: Placement | None = None,
) -> np.ndarray:
    """Pillow's antialiased resize of uint8, or a part of its result.

    Its version decides which pass comes first.
    """
    image = x if x.ndim == 3 else x[:, :, None]
    sh, sw = x.shape[:2]
    top, bottom, left, right = window_of(part, h, w)
    if (sh, sw) == (h, w):
        return x[top:bottom, left:right].copy()
    rows = pil_bands(sh, h, filter_, top, bottom)
    columns = pil_bands(sw, w, filter_, left, right)
    image = image[rows.low : rows.high, columns.low : columns.high]
    vertical_first = pil_vertical_first(sh, sw, h, w, version)
    if image.shape[2] == 4:
        resized = unpremultiplied(banded(premultiplied(image), rows, columns, vertical_first))
    else:
        resized = banded(image, rows, columns, vertical_first)
    return resized if x.ndim == 3 else resized[:, :, 0]


@lru_cache(maxsize=64)
def pil_bands(source: int, target: int, filter_: str, first: int, end: int) -> Bands:
    """The pass for some target pixels, its weights rounded to multiples of 2**-22."""
    if source == target:
        return Bands(first, end, [], False)
    start, weights = filter_weights(source, target, filter_)
    scaled = weights[:, first:end] * 2.0**22
    whole = np.trunc(scaled + np.copysign(0.5, scaled))
    return bands_of(start[first:end], whole * 2.0**-22, source, 8)
