import torch


def log_softmax(x: torch.Tensor, axis: int) -> torch.Tensor:
    """x - max - log(sum of exp(x - max)) in float64, rounded to float32 once."""
    real = x.to(torch.float64)
    less = real - real.amax(axis, keepdim=True)
    return (less - less.exp().sum(axis, keepdim=True).log()).to(torch.float32)
