import torch


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """1 / (1 + exp(-x)) in float64, rounded to float32 once."""
    power = (-x.to(torch.float64)).clamp(max=700.0).exp()  # an infinite one has no derivative
    return (1 / (1 + power)).to(torch.float32)
