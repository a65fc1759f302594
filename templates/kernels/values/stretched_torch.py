import torch

from kernels.graphs.exact_number_torch import exact_number


def stretched(x: torch.Tensor, axes: list[int], eps: float) -> torch.Tensor:
    """(x - min) / (max - min + eps) in float64, rounded to float32 once; 0 where that is 0/0.

    Min and max are those along `axes`.
    """
    real = x.to(torch.float64)
    low, high = real, real
    if len(axes) > 0:  # torch would take none for all
        low, high = real.amin(axes, keepdim=True), real.amax(axes, keepdim=True)
    low = low + 0.0  # of two zeros the plain one
    spread = high - low + exact_number(eps, x.device)
    spread = torch.where(spread == 0, torch.ones_like(spread), spread)
    return real.sub(low).div_(spread).to(torch.float32)
