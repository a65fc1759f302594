from functools import lru_cache

import numpy as np

from kernels.geometry.placement import Placement
from kernels.resize.banded_numpy import banded
from kernels.resize.bands_numpy import Bands
from kernels.resize.bands_of_numpy import bands_of
from kernels.resize.torch_resize_taps_numpy import torch_resize_taps
from kernels.resize.torch_weights_numpy import torch_weights
from kernels.resize.window_of import window_of


def torch_resize(
    x: np.ndarray,
    h: int,
    w: int,
    filter_: str,
    antialias: bool = False,
    part: Placement | None = None,
) -> np.ndarray:
    """torch's interpolation of uint8 or float32, horizontal first, or a part of its result.

    On uint8 the bits are torch's, on float32 the places: the order of its sums is its own.
    """
    sh, sw = x.shape[:2]
    top, bottom, left, right = window_of(part, h, w)
    if (sh, sw) == (h, w):
        return x[top:bottom, left:right].copy()
    fixed = x.dtype == np.uint8
    finite = fixed or (x.min() > -1e37 and x.max() < 1e37)  # and so after the first pass
    if not finite:  # in a matrix product they would spread further
        return torch_resize_taps(x, h, w, filter_, antialias)[top:bottom, left:right]
    rows, in_rows = torch_bands(sh, h, filter_, antialias, fixed, top, bottom)
    columns, in_columns = torch_bands(sw, w, filter_, antialias, fixed, left, right)
    image = x[in_rows]
    if isinstance(in_columns, slice):
        image = image[:, in_columns]
    else:
        image = image.take(in_columns, axis=1)
    resized = banded(image if x.ndim == 3 else image[:, :, None], rows, columns, False)
    return resized if x.ndim == 3 else resized[:, :, 0]


@lru_cache(maxsize=64)
def torch_bands(
    source: int, target: int, filter_: str, antialias: bool, fixed: bool, first: int, end: int
) -> tuple[Bands, slice | np.ndarray]:
    """The pass for some target pixels, and the source pixels that it works on."""
    if source == target:
        return Bands(first, end, [], False), slice(first, end)
    start, weights = torch_weights(source, target, filter_, antialias, fixed)
    start, weights = start[first:end], weights[:, first:end]
    if not fixed:
        weights = weights.astype(np.float32)
    taps, count = weights.shape
    if antialias or source <= 2 * taps * target:
        bands = bands_of(start, weights, source, 8)
        return bands, slice(bands.low, bands.high)
    needed = np.minimum(start[:, None] + np.arange(taps), source - 1).ravel()
    return bands_of(np.arange(count) * taps, weights, count * taps, 8), needed
