import torch


def clipped(x: torch.Tensor, low: float | None, high: float | None) -> torch.Tensor:
    """Values below and above the bounds as the bounds; unlike clamp it keeps the sign of 0."""
    if low is not None:
        x = torch.where(x < low, torch.full_like(x, low), x)
    if high is not None:
        x = torch.where(x > high, torch.full_like(x, high), x)
    return x
