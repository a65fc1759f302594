"""`torch.bilinear`: `F.interpolate(mode="bilinear", align_corners=False)`, not antialiased.

On u8 torch works in fixed point: 16-bit weights with as many fraction bits as the largest one
leaves, horizontal pass first, each pass rounded half up to u8. On f32 it computes places in
float32 (with one rounding, as its AVX2 and AVX-512 kernels do) and adds the four products in an
order that depends on the memory layout, so only a bound can be given.

torch has its fixed-point kernel where the processor has AVX2, which every x86-64 of the last
decade has. Elsewhere its u8 result differs by 1 in places, and `self_check` says so.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.numerics import EXACT, Bound
from procdsl.registry import Sampler

_MOST_BITS = 22


def places(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The left index, and the fraction of the way to the next one, in float64."""
    return _split(np.maximum((source / target) * (np.arange(target) + 0.5) - 0.5, 0.0), source)


def places_f32(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The same from a float32 scale, each place rounded to float32."""
    scale = np.float32(source) / np.float32(target)
    place = np.float64(scale) * (np.arange(target) + 0.5) - 0.5
    return _split(np.maximum(place.astype(np.float32), np.float32(0)), source)


def _split(place: np.ndarray, source: int) -> tuple[np.ndarray, np.ndarray]:
    left = np.minimum(place.astype(np.int64), source - 1)
    return left, np.where(left + 1 < source, place - left, 0.0)


def _across(x: np.ndarray, target: int) -> np.ndarray:
    """The fixed-point pass over the second axis."""
    if x.shape[1] == target:
        return x
    left, fraction = places(x.shape[1], target)
    largest = max(float((1.0 - fraction).max()), float(fraction.max()))
    bits = 0
    while bits < _MOST_BITS and int(0.5 + largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    a0, a1 = (
        (weight * (1 << bits) + 0.5).astype(np.int64)[:, None]
        for weight in (1.0 - fraction, fraction)
    )
    wide = x.astype(np.int64)
    right = np.minimum(left + 1, x.shape[1] - 1)
    total = wide[:, left] * a0 + wide[:, right] * a1 + (1 << (bits - 1))
    return np.clip(total >> bits, 0, 255).astype(np.uint8)


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    if x.dtype == np.uint8:
        across = _across(x, w)
        return _across(across.transpose(1, 0, 2), h).transpose(1, 0, 2)
    real = x.astype(np.float64)
    for axis, target in ((1, w), (0, h)):
        if real.shape[axis] != target:
            left, fraction = places_f32(real.shape[axis], target)
            right = np.minimum(left + 1, real.shape[axis] - 1)
            lines = np.moveaxis(real, axis, 0)
            f = fraction[:, None, None]
            real = np.moveaxis(lines[left] * (1 - f) + lines[right] * f, 0, axis)
    return real.astype(np.float32)


SAMPLER = Sampler(
    numerics={
        "u8": EXACT,
        "f32": Bound(
            5e-7,
            "torch's float32 kernels add in another order for each memory layout; "
            "for values within -1..1, and in proportion beyond",
        ),
    },
    reference=reference,
)
