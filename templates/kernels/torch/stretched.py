import torch


def stretched(x: torch.Tensor, channel: int | None, eps: float) -> torch.Tensor:
    """(x - min) / (max - min + eps) in float64, rounded to float32 once; 0 where that is 0/0.

    With a `channel`, the axis of the channels, each has its own min and max.
    """
    real = x.to(torch.float64)
    axes = [axis for axis in range(x.dim()) if axis != channel]
    low = real.amin(axes, keepdim=True)
    spread = real.amax(axes, keepdim=True) - low + eps
    spread = torch.where(spread == 0, torch.ones_like(spread), spread)
    return real.sub_(low).div_(spread).to(torch.float32)
