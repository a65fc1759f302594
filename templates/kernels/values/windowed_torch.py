import torch


def windowed(
    x: torch.Tensor, low: float, high: float, start: float, width: float, offset: float
) -> torch.Tensor:
    """(x - start) / width + offset in float64; 0 up to `low`, 1 above `high`; as float32."""
    real = x.to(torch.float64)
    below, above = real <= low, real > high
    inside = (real - start).div_(width).add_(offset)
    return inside.masked_fill_(below, 0.0).masked_fill_(above, 1.0).to(torch.float32)
