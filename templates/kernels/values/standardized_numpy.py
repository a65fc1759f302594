import math

import numpy as np

from kernels.values.mean_variance_numpy import mean_variance


@np.errstate(over="ignore", invalid="ignore")  # infinity less itself is NaN
def standardized(
    x: np.ndarray, channel: int | None, apart: bool, eps: float, min_std: float | None
) -> np.ndarray:
    """(x - mean) / max(std + eps, min_std) in float64, rounded to float32 once.

    `channel` is the axis of the channels, which are taken `apart` or together; without a `min_std`
    it is 1/sqrt(n).
    """
    planes = x[None] if channel is None else np.moveaxis(x, channel, 0)
    groups = planes.reshape(planes.shape[0] if apart else 1, -1)
    mean, variance = mean_variance(groups)
    least = 1 / math.sqrt(groups.shape[1]) if min_std is None else min_std
    std = np.maximum(np.sqrt(variance) + eps, least)
    y: np.ndarray = np.empty(groups.shape, np.float32)
    if x.dtype == np.uint8:
        table = ((np.arange(256) - mean) / std).astype(np.float32)
        for level, group, row in zip(table, groups, y, strict=True):
            np.take(level, group, out=row, mode="clip")  # a level lies within the table anyway
    else:
        real = groups - mean
        real /= std
        y[...] = real
    y = y.reshape(planes.shape)
    return y[0] if channel is None else np.moveaxis(y, 0, channel)
