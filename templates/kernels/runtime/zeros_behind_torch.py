import torch


def zeros_behind(x: torch.Tensor, count: torch.Tensor, axis: int = 0) -> torch.Tensor:
    """Rows along an axis of each sample with zeros in place of those behind the first `count`."""
    row = count.dim() + axis
    numbers = torch.arange(x.shape[row], device=x.device)
    found = numbers < count.reshape(list(count.shape) + [1] * (axis + 1))
    found = found.reshape(list(found.shape) + [1] * (x.dim() - row - 1))
    return torch.where(found, x, torch.zeros_like(x))
