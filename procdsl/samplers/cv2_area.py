"""`cv2.area`: OpenCV's INTER_AREA.

A reduction is the mean of the source area under each target pixel: in whole numbers where both
factors are whole, else in float32 over taps that OpenCV cuts off below 1e-3. An enlargement in
either direction is linear interpolation at other places than `cv2.linear`.

On f32 it is the same without the rounding; the pixels of whole factors are added by fours. The
OpenCV module switches IPP off for f32.
"""

from __future__ import annotations

import math

from procdsl.lazy import np
from procdsl.opdef.sampler import Sampler
from procdsl.samplers.cv2_linear import halved, halved_f32, interpolate, interpolate_f32, quantized
from procdsl.types.numerics import EXACT

_CUT = 1e-3


def taps(source: int, target: int, scale: float) -> list[list[tuple[int, np.float32]]]:
    """For each target pixel its source pixels and their weights (computeResizeAreaTab)."""
    table = []
    for i in range(target):
        start, end = i * scale, i * scale + scale
        cell = min(scale, source - start)
        first = math.ceil(start)
        last = min(math.floor(end), source - 1)
        first = min(first, last)
        row = []
        if first - start > _CUT:
            row.append((first - 1, np.float32((first - start) / cell)))
        row += [(j, np.float32(1.0 / cell)) for j in range(first, last)]
        if end - last > _CUT:
            row.append((last, np.float32(min(min(end - last, 1.0), cell) / cell)))
        table.append(row)
    return table


def enlarging_places(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The left source pixel and the fraction of the way to the next, for pixels seen as areas."""
    inverse = target / source
    scale = 1 / inverse
    i = np.arange(target)
    left = np.floor(i * scale)
    fraction = ((i + 1) - (left + 1) * inverse).astype(np.float32)
    fraction = np.where(fraction <= 0, np.float32(0), fraction - np.floor(fraction))
    return left.astype(np.int64), fraction.astype(np.float32)


def reference(x: np.ndarray, h: int, w: int) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # infinities of both signs
        return _resized(x, h, w)


def _resized(x: np.ndarray, h: int, w: int) -> np.ndarray:
    sh, sw = x.shape[:2]
    real = x.dtype == np.float32
    if (sh, sw) == (h, w):
        return x
    if h > sh or w > sw:
        rows, columns = enlarging_places(sh, h), enlarging_places(sw, w)
        if real:
            return interpolate_f32(x, rows, columns)
        fixed = ((left, *quantized(fraction)) for left, fraction in (rows, columns))
        return interpolate(x, *fixed)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        if (fy, fx) == (2, 2):
            return halved_f32(x) if real else halved(x)
        blocks = x.reshape(h, fy, w, fx, -1)
        if real:
            return _mean_f32(blocks.transpose(1, 3, 0, 2, 4).reshape(fy * fx, h, w, -1))
        total = blocks.astype(np.int64).sum((1, 3))
        mean = total.astype(np.float32) * np.float32(1.0 / (fx * fy))
        return np.rint(mean).astype(np.uint8)
    reduced = _reduced(x, taps(sh, h, 1 / (h / sh)), taps(sw, w, 1 / (w / sw)))
    return reduced if real else np.clip(np.rint(reduced), 0, 255).astype(np.uint8)


def _mean_f32(parts: np.ndarray) -> np.ndarray:
    """The mean over the first axis: four at a time, then one by one."""
    total = np.zeros(parts.shape[1:], np.float32)
    whole = len(parts) - len(parts) % 4
    for k in range(0, whole, 4):
        total = total + (((parts[k] + parts[k + 1]) + parts[k + 2]) + parts[k + 3])
    for part in parts[whole:]:
        total = total + part
    return total * np.float32(1.0 / len(parts))


def _reduced(
    x: np.ndarray,
    rows: list[list[tuple[int, np.float32]]],
    columns: list[list[tuple[int, np.float32]]],
) -> np.ndarray:
    real = x.astype(np.float32)
    across = np.zeros((x.shape[0], len(columns), x.shape[2]), np.float32)
    for i, row in enumerate(columns):
        for j, weight in row:
            across[:, i] += real[:, j] * weight
    down = np.zeros((len(rows), len(columns), x.shape[2]), np.float32)
    for i, row in enumerate(rows):
        for n, (j, weight) in enumerate(row):
            product = across[j] * weight
            down[i] = product if n == 0 else down[i] + product
    return down


SAMPLER = Sampler(numerics={"u8": EXACT, "f32": EXACT}, reference=reference)
