"""`F.interpolate(align_corners=False)`, for `torch.*`: what its processor kernels compute.

On u8 torch works in fixed point: 16-bit weights with as many fraction bits as the largest one
leaves (`compute_index_ranges_int16_weights` in `UpSampleKernel.cpp`), horizontal pass first, each
pass rounded half up to u8. On f32 it computes places in float32 and adds the products in an order
that depends on the memory layout, so only a bound can be given. A pixel that is not finite makes
all that take from it not finite, even those that take it with weight 0: of NaN comes NaN, of an
infinity an infinity or NaN.

torch has its fixed-point kernel where the processor has AVX2, which every x86-64 of the last
decade has. Elsewhere its u8 result differs by 1 in places, and `self_check` says so.
"""

from __future__ import annotations

import math

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.samplers import _pillow
from procdsl.samplers._filters import FILTERS
from procdsl.types.numerics import EXACT, ErrorBound

_MOST_BITS = 22

Window = tuple[int, list[float]]
"""The first source pixel of a target pixel, and the weights from there on."""

Taps = list[tuple[int, float]]
"""The source pixels of a target pixel with their weights; those of weight 0 count, too."""


def nearest(offset: float) -> Sampler:
    """The sampler that takes the pixel at `(i + offset) * source / target`, cut, in float32."""

    def indices(source: int, target: int) -> list[int]:
        scale = np.float32(source) / np.float32(target)
        return [
            min(int((np.float32(i) + np.float32(offset)) * scale), source - 1)
            for i in range(target)
        ]

    def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
        return x[indices(x.shape[0], h)][:, indices(x.shape[1], w)]

    return Sampler(numerics={"u8": EXACT, "f32": EXACT}, reference=reference, picks=True)


def linear(filter_: str, antialias: bool, f32_bound: float) -> Sampler:
    """The sampler of a filter."""

    def windows(source: int, target: int) -> list[Window]:
        if antialias:
            return _pillow.windows(source, target, filter_)
        return [_merged(_near(_place(i, source, target), source, filter_)) for i in range(target)]

    def taps(source: int, target: int) -> list[Taps]:
        if antialias:
            return _taps_antialias(source, target, filter_)
        if source == target and filter_ == "bilinear":
            return [[(i, 1.0), (i, 0.0)] for i in range(target)]
        return [_near(_place_f32(i, source, target), source, filter_) for i in range(target)]

    def down(x: np.ndarray, target: int) -> np.ndarray:
        if x.dtype == np.uint8:
            return x if len(x) == target else _down(x, windows(len(x), target))
        return x if antialias and len(x) == target else _down_real(x, taps(len(x), target))

    def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
        if x.shape[:2] == (h, w):
            return x
        real = x if x.dtype == np.uint8 else x.astype(np.float64)
        across = down(real.transpose(1, 0, 2), w).transpose(1, 0, 2)
        return down(across, h).astype(x.dtype)

    bound = ErrorBound(
        f32_bound,
        "torch's float32 kernels add in another order for each memory layout; "
        "for values within -1..1, and in proportion beyond",
    )
    lobes = _pillow.LOBES if antialias else {"bicubic": 0.1876}
    lobe = lobes.get(filter_, 0.0)
    return Sampler(numerics={"u8": EXACT, "f32": bound}, reference=reference, lobe=lobe)


def _down_real(x: np.ndarray, table: list[Taps]) -> np.ndarray:
    """One pass over the first axis of float64."""
    with np.errstate(invalid="ignore"):  # an infinite pixel times 0
        return np.stack([sum(x[at] * weight for at, weight in taps) for taps in table])


def _down(x: np.ndarray, table: list[Window]) -> np.ndarray:
    """One pass over the first axis of uint8."""
    bits = _bits(max(weight for _, weights in table for weight in weights))
    wide, rows = x.astype(np.int64), []
    for first, weights in table:
        total = np.full(x.shape[1:], 1 << (bits - 1), np.int64)
        for k, weight in enumerate(weights):
            total += wide[first + k] * int(weight * (1 << bits) + math.copysign(0.5, weight))
        rows.append(np.clip(total >> bits, 0, 255))
    return np.stack(rows).astype(np.uint8)


def _bits(largest: float) -> int:
    bits = 0
    while bits < _MOST_BITS and int(0.5 + largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    return bits


def _place(i: int, source: int, target: int) -> float:
    return (source / target) * (i + 0.5) - 0.5


def _place_f32(i: int, source: int, target: int) -> float:
    """From a float32 scale, rounded to float32 once, as its AVX2 and AVX-512 kernels do."""
    scale = np.float32(source) / np.float32(target)
    return float(np.float32(float(scale) * (i + 0.5) - 0.5))


def _near(place: float, source: int, filter_: str) -> Taps:
    """The pixels next to a place; for one outside the edge's is taken again."""
    if filter_ == "bilinear":
        place = max(place, 0.0)
    left = min(math.floor(place), source - 1)
    rest = min(max(place - left, 0.0), 1.0)
    if filter_ == "bilinear":
        near = [(left, 1 - rest), (left + 1, rest)]
    else:
        near = [(left + k, _cubic(k - rest)) for k in (-1, 0, 1, 2)]
    return [(min(max(at, 0), source - 1), weight) for at, weight in near]


def _merged(taps: Taps) -> Window:
    """The taps with one weight for each pixel."""
    weights: dict[int, float] = {}
    for at, weight in taps:
        weights[at] = weights.get(at, 0.0) + weight
    return min(weights), [weights[at] for at in sorted(weights)]


def _cubic(x: float) -> float:
    """Keys' cubic convolution with a = -0.75."""
    x = abs(x)
    if x < 1:
        return (1.25 * x - 2.25) * x * x + 1
    return ((-0.75 * x + 3.75) * x - 6.0) * x + 3.0


def _taps_antialias(source: int, target: int, filter_: str) -> list[Taps]:
    """Pillow's windows, their places in float32."""
    support, kernel = FILTERS[filter_]
    one, half = np.float32(1), np.float32(0.5)
    scale = np.float32(source) / np.float32(target)
    widening = max(scale, one)
    reach = np.float32(support) * widening
    table = []
    for i in range(target):
        center = scale * (np.float32(i) + half)
        first = max(0, int(center - reach + half))
        end = min(source, int(center + reach + half))
        places = [(np.float32(at) - center + half) * (one / widening) for at in range(first, end)]
        weights = [kernel(float(place)) for place in places]
        total = sum(weights)
        table.append([(first + k, weight / total) for k, weight in enumerate(weights)])
    return table
