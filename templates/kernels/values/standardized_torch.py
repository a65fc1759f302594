import math

import torch

from kernels.graphs.exact_number_torch import exact_number
from kernels.graphs.open_sizes_torch import refuse_open
from kernels.levels.looked_up_torch import looked_up
from kernels.values.mean_variance_torch import mean_variance
from kernels.values.square_root_torch import square_root


def standardized(
    x: torch.Tensor,
    rank: int,
    channel: int | None,
    apart: bool,
    eps: float,
    min_std: float | None,
) -> torch.Tensor:
    """(x - mean) / max(std + eps, min_std) in float64, rounded to float32 once.

    An image has `rank` axes. `channel` is that of the channels, which are taken `apart` or
    together; without a `min_std` it is 1/sqrt(n).
    """
    planes = x if channel is None else x.movedim(channel, -rank)
    first = 1 - rank if apart else -rank
    numbers = planes.flatten(first)
    groups = numbers.reshape(-1, numbers.shape[-1]).contiguous()
    if min_std is None:
        refuse_open("standardize(min_std=tf)", [groups.shape[1]])
    mean, variance = mean_variance(groups)
    least = 1 / math.sqrt(groups.shape[1]) if min_std is None else min_std
    std = square_root(variance) + exact_number(eps, x.device)
    std = std.clamp(min=exact_number(least, x.device))
    if x.dtype == torch.uint8:
        levels = torch.arange(256, dtype=torch.float64, device=x.device)
        table = ((levels - mean) / std).to(torch.float32)
        row = torch.arange(0, table.numel(), 256, dtype=torch.int32, device=x.device)
        y = looked_up(table.reshape(-1), groups + row[:, None])
    else:
        y = groups.to(torch.float64).sub_(mean).div_(std).to(torch.float32)
    y = y.reshape(planes.shape)
    return y if channel is None else y.movedim(-rank, channel)
