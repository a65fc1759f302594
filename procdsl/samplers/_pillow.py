"""Pillow's antialiased resize (`Image.resize`), for `pil.*` and `pil12.*`.

The window of a target pixel widens with the reduction. Weights are computed in float64, rounded to
multiples of 2**-22 half away from zero; each pass rounds half up to u8. The vertical pass comes
first where it removes more than twice what the horizontal one does (the rule of Pillow 13; in 12
only where the picture is more than 100 times as high as wide and loses height). Pillow resizes
RGBA with its colours premultiplied.

On f32 each channel is resized as Pillow resizes an image of mode F, its only one of floats: sums in
float64, tap by tap, rounded to f32 after each pass. Nothing is premultiplied. The sines of hamming
and lanczos differ in the last bit of float64 from one library to another, which may be seen in the
last bit of f32.
"""

from __future__ import annotations

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.samplers._filters import FILTERS
from procdsl.types.numerics import EXACT, ErrorBound

LOBES = {"bicubic": 0.1344, "lanczos": 0.2858}
"""What the weights below 0 of the filters that have them come to, at most (measured)."""

_BITS = 22


def sampler(filter_: str, version: int = 13) -> Sampler:
    """The sampler of a filter, with the order of passes of a version of Pillow."""

    def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
        return resize(x, h, w, filter_, version)

    real = None
    if filter_ in ("hamming", "lanczos"):
        real = ErrorBound(
            3e-7, "sines in float64; for values within -1..1, and in proportion beyond"
        )
    return Sampler(
        numerics={"u8": EXACT, "f32": real}, reference=reference, lobe=LOBES.get(filter_, 0.0)
    )


def windows(source: int, target: int, filter_: str) -> list[tuple[int, list[float]]]:
    """For each target pixel its first source pixel and the weights from there on."""
    support, kernel = FILTERS[filter_]
    scale = source / target
    widening = max(scale, 1.0)
    reach = support * widening
    table = []
    for i in range(target):
        center = (i + 0.5) * scale
        first = max(0, int(center - reach + 0.5))
        end = min(source, int(center + reach + 0.5))
        inverse = 1.0 / widening
        weights = [kernel((k + first - center + 0.5) * inverse) for k in range(end - first)]
        total = 0.0
        for weight in weights:
            total += weight
        if total != 0.0:
            weights = [weight / total for weight in weights]
        table.append((first, weights))
    return table


def _rounded(value: float) -> int:
    return int(value + 0.5) if value >= 0 else int(value - 0.5)


def _down_f32(x: np.ndarray, target: int, filter_: str) -> np.ndarray:
    """One pass over the first axis of f32."""
    rows = []
    for first, weights in windows(len(x), target, filter_):
        total = np.zeros(x.shape[1:])
        with np.errstate(invalid="ignore"):  # an infinite pixel times 0
            for k, weight in enumerate(weights):
                total += x[first + k].astype(np.float64) * weight
        rows.append(total.astype(np.float32))
    return np.stack(rows)


def _down(x: np.ndarray, target: int, filter_: str) -> np.ndarray:
    """One pass over the first axis of u8."""
    wide = x.astype(np.int64)
    rows = []
    for first, weights in windows(len(x), target, filter_):
        total = np.full(x.shape[1:], 1 << (_BITS - 1), np.int64)
        for k, weight in enumerate(weights):
            total += wide[first + k] * _rounded(weight * (1 << _BITS))
        rows.append(np.clip(total >> _BITS, 0, 255))
    return np.stack(rows).astype(np.uint8)


def resize(x: np.ndarray, h: int, w: int, filter_: str, version: int) -> np.ndarray:
    """Resize [h, w, c]; four channels of u8 are taken as RGBA, like Pillow's mode."""
    sh, sw = x.shape[:2]
    if (sh, sw) == (h, w):
        return x
    down = _down_f32 if x.dtype == np.float32 else _down
    alpha = x.shape[2] == 4 and x.dtype == np.uint8
    if alpha:
        x = _premultiplied(x)
    vertical_first = sh - h > 0 and sh - h > 2 * (sw - w)
    if version < 13:
        vertical_first = sh > 100 * sw and h < sh
    for axis in (0, 1) if vertical_first else (1, 0):
        target = (h, w)[axis]
        if x.shape[axis] != target:
            x = np.moveaxis(down(np.moveaxis(x, axis, 0), target, filter_), 0, axis)
    return _unpremultiplied(x) if alpha else x


def _premultiplied(x: np.ndarray) -> np.ndarray:
    colours, alpha = x[..., :3].astype(np.int64), x[..., 3:].astype(np.int64)
    t = colours * alpha + 128
    return np.concatenate([(((t >> 8) + t) >> 8), alpha], axis=2).astype(np.uint8)


def _unpremultiplied(x: np.ndarray) -> np.ndarray:
    colours, alpha = x[..., :3].astype(np.int64), x[..., 3:].astype(np.int64)
    divided = np.minimum(255 * colours // np.maximum(alpha, 1), 255)
    restored = np.where((alpha == 0) | (alpha == 255), colours, divided)
    return np.concatenate([restored, alpha], axis=2).astype(np.uint8)
