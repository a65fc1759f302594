import torch


def where_sizes(
    x: torch.Tensor, h: int, w: int, then: torch.Tensor, otherwise: torch.Tensor
) -> torch.Tensor:
    """The one result for images [..., h, w, c] of this size, the other for all others."""
    down = torch.full([], x.shape[-3] - h, dtype=torch.int64, device=x.device)
    across = torch.full([], x.shape[-2] - w, dtype=torch.int64, device=x.device)
    return torch.where((down == 0) & (across == 0), then, otherwise)


def corner(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """The upper left part of images [..., h, w, c], with the last pixels again where it ends."""
    rows = torch.arange(h, device=x.device).clamp(max=x.shape[-3] - 1)
    columns = torch.arange(w, device=x.device).clamp(max=x.shape[-2] - 1)
    return x.index_select(-3, rows).index_select(-2, columns)
