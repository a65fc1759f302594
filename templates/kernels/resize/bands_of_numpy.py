import numpy as np

from kernels.resize.bands_numpy import Bands


def bands_of(start: np.ndarray, weights: np.ndarray, source: int, width: int) -> Bands:
    """The bands of a table, `width` target pixels at a time.

    It holds the first source pixel of each target pixel, and weights by tap.
    """
    taps, target = weights.shape
    number, place = np.divmod(np.arange(target), width)
    low = start[::width]
    high = np.minimum(np.append(start[width - 1 :: width], start[-1])[: len(low)] + taps, source)
    dense = np.zeros((len(low), int((high - low).max()) + taps, width), weights.dtype)
    dense[number, start - low[number] + np.arange(taps)[:, None], place] = weights
    base = int(low[0])
    blocks = [
        (int(a) - base, int(b) - base, matrix[: b - a, : target - width * i])
        for i, (a, b, matrix) in enumerate(zip(low, high, dense, strict=True))
    ]
    return Bands(base, int(high.max()), blocks, bool((weights < 0).any()))
