import math

import torch

from kernels.levels.looked_up_torch import looked_up
from kernels.values.mean_variance_torch import mean_variance
from kernels.values.square_root_torch import square_root


def standardized(
    x: torch.Tensor, channel: int | None, apart: bool, eps: float, min_std: float | None
) -> torch.Tensor:
    """(x - mean) / max(std + eps, min_std) in float64, rounded to float32 once.

    `channel` is the axis of the channels, which are taken `apart` or together; without a `min_std`
    it is 1/sqrt(n).
    """
    planes = x[None] if channel is None else x.movedim(channel, 0)
    groups = planes.reshape(planes.shape[0] if apart else 1, -1).contiguous()
    mean, variance = mean_variance(groups)
    least = 1 / math.sqrt(groups.shape[1]) if min_std is None else min_std
    std = (square_root(variance) + eps).clamp(min=least)
    if x.dtype == torch.uint8:
        levels = torch.arange(256, dtype=torch.float64, device=x.device)
        table = ((levels - mean) / std).to(torch.float32)
        y = torch.stack([looked_up(table[i], groups[i]) for i in range(groups.shape[0])])
    else:
        y = groups.to(torch.float64).sub_(mean).div_(std).to(torch.float32)
    y = y.reshape(planes.shape)
    return y[0] if channel is None else y.movedim(0, channel)
