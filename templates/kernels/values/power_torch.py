import torch


def power(x: torch.Tensor, exponent: float) -> torch.Tensor:
    """x ** exponent in float64, rounded to float32 once; a number below 0 counts as 0."""
    real = x.to(torch.float64)
    return torch.where(real < 0, torch.zeros_like(real), real).pow(exponent).to(torch.float32)
