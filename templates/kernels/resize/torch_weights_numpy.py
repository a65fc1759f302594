import numpy as np

from kernels.resize.filter_support import filter_support
from kernels.resize.filter_weights_numpy import filter_values, filter_weights


def torch_weights(
    source: int, target: int, filter_: str, antialias: bool, fixed: bool
) -> tuple[np.ndarray, np.ndarray]:
    """The first source pixel of each target pixel, and weights by tap, as torch has them.

    For uint8 (`fixed`) it computes in float64 and rounds to 16-bit numbers, with as many fraction
    bits as the largest leaves. For float32 places are float32, rounded once where its kernels fuse.
    """
    if not fixed:
        if antialias:
            return torch_weights_antialias_f32(source, target, filter_)
        return torch_weights_near(torch_place_f32(source, target), source, filter_)
    if antialias:
        start, weights = filter_weights(source, target, filter_)
    else:
        place = (source / target) * (np.arange(target) + 0.5) - 0.5
        start, weights = torch_weights_near(place, source, filter_)
    largest, bits = float(weights.max()), 0
    while bits < 22 and int(0.5 + largest * (1 << (bits + 1))) < 1 << 15:
        bits += 1
    scaled = weights * 2.0**bits
    return start, np.trunc(scaled + np.copysign(0.5, scaled)) * 2.0**-bits


def torch_place_f32(source: int, target: int) -> np.ndarray:
    """Where the target pixels lie in the source, in float32."""
    scale = np.float64(np.float32(source) / np.float32(target))
    return (scale * (np.arange(target) + 0.5) - 0.5).astype(np.float32)


def torch_near(place: np.ndarray, source: int, filter_: str) -> tuple[np.ndarray, np.ndarray]:
    """The 2 or 4 pixels next to each place, perhaps outside the picture, and their weights."""
    if filter_ == "bilinear":
        place = np.maximum(place, 0)
    left = np.minimum(np.floor(place).astype(np.int64), source - 1)
    rest = np.clip((place - left.astype(place.dtype)).astype(np.float64), 0, 1)
    if filter_ == "bilinear":
        return left + np.arange(2)[:, None], np.stack([1 - rest, rest])
    near = [cubic_75(1 + rest), cubic_75(rest), cubic_75(1 - rest), cubic_75(2 - rest)]
    return left + np.arange(-1, 3)[:, None], np.stack(near)


def torch_weights_near(
    place: np.ndarray, source: int, filter_: str
) -> tuple[np.ndarray, np.ndarray]:
    """The first pixel next to each place, and by tap weights; the edge gets those outside."""
    at, near = torch_near(place, source, filter_)
    start = np.maximum(at[0], 0)
    weights = np.zeros_like(near)
    for row, values in zip(np.clip(at, 0, source - 1) - start, near, strict=True):
        weights[row, np.arange(len(place))] += values
    return start, weights


def torch_windows_f32(
    source: int, target: int, filter_: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pillow's windows with their places in float32: first pixel, end and center of each."""
    half = np.float32(0.5)
    scale = np.float32(source) / np.float32(target)
    reach = np.float32(filter_support(filter_)) * max(scale, np.float32(1))
    center = scale * (np.arange(target, dtype=np.float32) + half)
    start = np.maximum((center - reach + half).astype(np.int64), 0)
    end = np.minimum((center + reach + half).astype(np.int64), source)
    return start, end, center


def torch_weights_antialias_f32(
    source: int, target: int, filter_: str
) -> tuple[np.ndarray, np.ndarray]:
    """The first pixel of each window, and weights by tap; those past its end are 0."""
    one, half = np.float32(1), np.float32(0.5)
    start, end, center = torch_windows_f32(source, target, filter_)
    narrowing = one / max(np.float32(source) / np.float32(target), one)
    taps = np.arange(int((end - start).max()))[:, None]
    place = ((taps + start).astype(np.float32) - center + half) * narrowing
    values = filter_values(place.astype(np.float64), filter_)
    weights = np.where(taps < end - start, values, 0.0)
    return start, weights / weights.sum(axis=0)


def cubic_75(x: np.ndarray) -> np.ndarray:
    """The cubic convolution of a = -0.75 at distances below 2."""
    near = (1.25 * x - 2.25) * x * x + 1
    return np.where(x < 1, near, ((-0.75 * x + 3.75) * x - 6.0) * x + 3.0)
