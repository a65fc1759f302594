import torch


def windowed(
    x: torch.Tensor, low: float, high: float, start: float, width: float, offset: float
) -> torch.Tensor:
    """(x - start) / width + offset in float64; 0 up to `low`, 1 above `high`; as float32."""
    real = x.to(torch.float64)
    inside = (real - start) / width + offset
    inside = torch.where(real > high, torch.ones_like(real), inside)
    return torch.where(real <= low, torch.zeros_like(real), inside).to(torch.float32)
