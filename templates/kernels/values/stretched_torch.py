import torch


def stretched(x: torch.Tensor, channel: int | None, eps: float) -> torch.Tensor:
    """(x - min) / (max - min + eps) in float64, rounded to float32 once; 0 where that is 0/0.

    With a `channel`, the axis of the channels, each has its own min and max.
    """
    real = x.to(torch.float64)
    axes = list(range(x.dim()))
    if channel is not None:
        axes.pop(channel)
    low = real.amin(axes, keepdim=True) + 0.0  # of two zeros the plain one
    spread = real.amax(axes, keepdim=True) - low + eps
    spread = torch.where(spread == 0, torch.ones_like(spread), spread)
    return real.sub_(low).div_(spread).to(torch.float32)
