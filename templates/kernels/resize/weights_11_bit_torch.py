import torch


def weights_11_bit(
    left: torch.Tensor, fraction: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The index of the left pixel, and the weights of it and the next in units of 1/2048."""
    first = ((1 - fraction) * 2048).round().to(torch.int32)
    return left, first, (fraction * 2048).round().to(torch.int32)


def weights_of_columns(
    source: int, columns: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The same across a picture, beyond whose edge its pixel alone counts."""
    left, a0, a1 = columns
    inside = (left >= 0) & (left < source - 1)
    a0 = torch.where(inside, a0, torch.full_like(a0, 2048))
    return left, a0, torch.where(inside, a1, torch.zeros_like(a1))
