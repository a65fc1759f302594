import torch


def softmax(x: torch.Tensor, axis: int) -> torch.Tensor:
    """exp(x - max) / sum in float64, rounded to float32 once."""
    real = x.to(torch.float64)
    powers = (real - real.amax(axis, keepdim=True)).exp_()
    return powers.div_(powers.sum(axis, keepdim=True)).to(torch.float32)
