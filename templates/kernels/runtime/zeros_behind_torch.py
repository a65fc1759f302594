import torch


def zeros_behind(x: torch.Tensor, count: torch.Tensor) -> torch.Tensor:
    """Rows [..., row, ...] with zeros in place of those behind the first `count` [...]."""
    row = count.dim()
    numbers = torch.arange(x.shape[row], device=x.device)
    found = numbers < count.unsqueeze(-1)
    found = found.reshape(list(found.shape) + [1] * (x.dim() - row - 1))
    return torch.where(found, x, torch.zeros_like(x))
