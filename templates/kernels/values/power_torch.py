import torch


def power(x: torch.Tensor, exponent: float) -> torch.Tensor:
    """x ** exponent in float64, rounded to float32 once; a number below 0 counts as 0."""
    real = x.to(torch.float64)
    none = real <= 0  # where the power has no derivative, or an infinite one
    return real.masked_fill(none, 1.0).pow(exponent).masked_fill(none, 0.0).to(torch.float32)
