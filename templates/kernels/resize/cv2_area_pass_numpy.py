from functools import lru_cache

import numpy as np


def cv2_area_pass(x: np.ndarray, index: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted sums of float32 along the first axis, added in the order of the taps."""
    target = index.shape[1]
    shape = (target, *(1,) * (x.ndim - 1))
    total = x[index[0]] * weight[0].reshape(shape)
    for tap in range(1, len(index)):
        used = np.flatnonzero(weight[tap])  # an infinite pixel times 0 is none of the sum
        taken = x[index[tap, used]] * weight[tap, used].reshape(-1, *shape[1:])
        if len(used) == target:
            total += taken
        else:
            total[used] += taken
    return total


@lru_cache(maxsize=64)
def cv2_area_taps(source: int, target: int) -> tuple[np.ndarray, np.ndarray]:
    """For each tap and target pixel a source index and a weight; unused taps have weight 0."""
    scale = 1 / (target / source)
    start = np.arange(target) * scale
    end = start + scale
    cell = np.minimum(scale, source - start)
    last = np.minimum(np.floor(end).astype(np.int64), source - 1)
    first = np.minimum(np.ceil(start).astype(np.int64), last)
    head = first - start > 1e-3
    tail = end - last > 1e-3
    taps = np.arange(int((last - first + head + tail).max()))[:, None]
    index = first - head + taps
    weight = np.where(index < last, 1.0 / cell, 0.0)
    weight = np.where((taps == 0) & head, (first - start) / cell, weight)
    weight = np.where(
        (index == last) & tail, np.minimum(np.minimum(end - last, 1.0), cell) / cell, weight
    )
    return index.clip(0, source - 1), weight.astype(np.float32)
