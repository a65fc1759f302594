import torch


def zeros_behind(x: torch.Tensor, count: torch.Tensor, axis: int) -> torch.Tensor:
    """Rows along an axis of a sample with zeros in place of those behind the first `count`."""
    row = count.dim() + axis
    numbers = torch.arange(x.shape[row], device=x.device)
    counts = count.reshape(list(count.shape) + [1] * (x.dim() - count.dim()))
    found = numbers.reshape([-1] + [1] * (x.dim() - row - 1)) < counts
    return torch.where(found, x, torch.zeros_like(x))
