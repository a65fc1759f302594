import torch


def weights_11_bit(fraction: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The weights of the left and the right pixel in units of 1/2048."""
    left = ((1 - fraction) * 2048).round()
    return left.to(torch.int32), (fraction * 2048).round().to(torch.int32)
