import torch


def sigmoid(x: torch.Tensor) -> torch.Tensor:
    """1 / (1 + exp(-x)) in float64, rounded to float32 once."""
    return (1 / (1 + (-x.to(torch.float64)).exp())).to(torch.float32)
