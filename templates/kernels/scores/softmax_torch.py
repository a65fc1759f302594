import torch


def softmax(x: torch.Tensor, axis: int) -> torch.Tensor:
    """exp(x - max) / sum in float64, rounded to float32 once."""
    real = x.to(torch.float64)
    powers = (real - real.amax(axis, keepdim=True)).exp_()
    total = powers.sum(axis, keepdim=True)
    if powers.requires_grad:
        return (powers / total).to(torch.float32)
    return powers.div_(total).to(torch.float32)
