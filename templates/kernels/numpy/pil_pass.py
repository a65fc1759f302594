from functools import lru_cache

import numpy as np


def pil_pass(x: np.ndarray, target: int, filter_: str) -> np.ndarray:
    """One pass over the last axis of uint8 [planes, lines, n].

    The weights are whole multiples of 2**-22, so every partial sum is exact in float64 whatever
    its order, and a matrix product gives Pillow's integer arithmetic. Sixteen targets at a time
    share a band of the source; products are kept too small for BLAS to start threads.
    """
    planes, lines, source = x.shape
    if source == target:
        return x
    out = np.empty((planes, lines, target), np.uint8)
    bands = pil_bands(source, target, filter_)
    widest = max(high - low for _, low, high, _ in bands)
    step = max(8, min(96, 262144 // (16 * widest)))
    for plane in range(planes):
        for start in range(0, lines, step):
            strip = x[plane, start : start + step].astype(np.float64)
            result = np.empty((len(strip), target))
            for first, low, high, weights in bands:
                part = result[:, first : first + weights.shape[1]]
                np.matmul(strip[:, low:high], weights, out=part)
            result += 0.5
            np.clip(result, 0, 255.5, out=result)
            out[plane, start : start + step] = result
    return out


@lru_cache(maxsize=64)
def pil_bands(source: int, target: int, filter_: str) -> list[tuple[int, int, int, np.ndarray]]:
    """For each 16 target pixels the first, the source range they need and its weights."""
    start, weights = pil_weights(source, target, filter_)
    bands = []
    for first in range(0, target, 16):
        some = slice(first, first + 16)
        low, high = int(start[some][0]), int((start[some] + len(weights)).max())
        dense = np.zeros((high - low, len(start[some])))
        for tap in range(len(weights)):
            dense[start[some] - low + tap, np.arange(dense.shape[1])] = weights[tap, some]
        bands.append((first, low, min(high, source), dense[: source - low]))
    return bands


def pil_weights(source: int, target: int, filter_: str) -> tuple[np.ndarray, np.ndarray]:
    """The first source pixel of each target pixel, and by tap the weights from there on."""
    support = {"bilinear": 1.0, "bicubic": 2.0}[filter_]
    scale = source / target
    widening = max(scale, 1.0)
    center = (np.arange(target) + 0.5) * scale
    start = np.maximum((center - support * widening + 0.5).astype(np.int64), 0)
    end = np.minimum((center + support * widening + 0.5).astype(np.int64), source)
    taps = np.arange(int((end - start).max()))[:, None]
    place = np.abs((taps + start - center + 0.5) * (1.0 / widening))
    weights = np.where(taps < end - start, pil_filter(place, filter_), 0.0)
    total = np.zeros(target)
    for row in weights:
        total += row
    scaled = weights / np.where(total == 0.0, 1.0, total) * 2.0**22
    return start, np.trunc(scaled + np.copysign(0.5, scaled)) * 2.0**-22


def pil_filter(x: np.ndarray, filter_: str) -> np.ndarray:
    """The filter's value at a distance."""
    if filter_ == "bilinear":
        return np.maximum(0.0, 1.0 - x)
    near = (1.5 * x - 2.5) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * -0.5
    return np.where(x < 1.0, near, np.where(x < 2.0, far, 0.0))
