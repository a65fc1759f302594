"""What OpenCV's cubic and Lanczos resizes share: taps, coefficients, and their order of addition.

On u8 the coefficients are whole numbers of 1/2048. OpenCV's vector code handles most of a row and
plain code the last values of it; where the two compute differently, both are here.
"""

from __future__ import annotations

from collections.abc import Callable

from procdsl.lazy import np

Coefficients = Callable[["np.ndarray"], "np.ndarray"]


def places(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """The source pixel left of each target pixel, and the fraction of the way to the next."""
    scale = 1 / (target / source)
    place = ((np.arange(target) + 0.5) * scale - 0.5).astype(np.float32)
    left = np.floor(place)
    return left.astype(np.int64), place - left


def taps(source: int, target: int, coefficients: Coefficients) -> tuple[np.ndarray, np.ndarray]:
    """For each target pixel its source pixels, the edge repeated, and their weights."""
    left, fraction = places(source, target)
    weights = coefficients(fraction)
    count = weights.shape[1]
    index = left[:, None] + np.arange(count) - (count // 2 - 1)
    return index.clip(0, source - 1), weights


def convolve(x: np.ndarray, h: int, w: int, coefficients: Coefficients) -> np.ndarray:
    """Resize u8 or f32 [h, w, c]: across, then down."""
    if x.shape[:2] == (h, w):
        return x
    columns, a = taps(x.shape[1], w, coefficients)
    rows, b = taps(x.shape[0], h, coefficients)
    if x.dtype == np.float32:
        with np.errstate(invalid="ignore"):  # an infinite pixel times 0
            return _convolve_f32(x, (columns, a), (rows, b))
    a, b = (np.rint(weights * np.float32(2048)).astype(np.int64) for weights in (a, b))
    across = (x.astype(np.int64)[:, columns] * a[None, :, :, None]).sum(2)
    exact = ((across[rows] * b[:, :, None, None]).sum(1) + (1 << 21)) >> 22
    if b.shape[1] != 4:
        return exact.clip(0, 255).astype(np.uint8)
    down = np.zeros(exact.shape, np.float32)
    for k in reversed(range(4)):
        weight = b[:, k].astype(np.float32) * np.float32(2.0**-22)
        down = across[rows[:, k]].astype(np.float32) * weight[:, None, None] + down
    rounded = np.rint(down).astype(np.int64).reshape(h, -1)
    rest = rounded.shape[1] % 8
    rounded[:, rounded.shape[1] - rest :] = exact.reshape(h, -1)[:, rounded.shape[1] - rest :]
    return rounded.clip(0, 255).astype(np.uint8).reshape(exact.shape)


def _convolve_f32(
    x: np.ndarray, columns: tuple[np.ndarray, np.ndarray], rows: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """In float32: across from the first tap on, down from the last, at a row's end the first."""
    index, weights = columns
    across = x[:, index[:, 0]] * weights[:, 0, None]
    for k in range(1, weights.shape[1]):
        across = across + x[:, index[:, k]] * weights[:, k, None]
    index, weights = rows
    count = weights.shape[1]
    products = [across[index[:, k]] * weights[:, k, None, None] for k in range(count)]
    down, end = products[-1], products[0]
    for k in range(1, count):
        down, end = down + products[count - 1 - k], end + products[k]
    down, end = down.reshape(len(index), -1), end.reshape(len(index), -1)
    body = down.shape[1] - down.shape[1] % 4
    result: np.ndarray = np.concatenate([down[:, :body], end[:, body:]], axis=1)
    return result.reshape(len(index), *across.shape[1:])
