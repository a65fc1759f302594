import torch


def softmax(x: torch.Tensor, axis: int) -> torch.Tensor:
    """exp(x - max) / sum in float64, rounded to float32 once."""
    return x.to(torch.float64).softmax(axis).to(torch.float32)
