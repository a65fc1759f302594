import torch

from kernels.graphs.exact_number_torch import exact_number


def windowed(
    x: torch.Tensor, low: float, high: float, start: float, width: float, offset: float
) -> torch.Tensor:
    """(x - start) / width + offset in float64; 0 up to `low`, 1 above `high`; as float32."""
    real = x.to(torch.float64)
    below = real <= exact_number(low, x.device)
    above = real > exact_number(high, x.device)
    inside = (real - exact_number(start, x.device)).div_(exact_number(width, x.device))
    inside.add_(exact_number(offset, x.device))
    return inside.masked_fill_(below, 0.0).masked_fill_(above, 1.0).to(torch.float32)
