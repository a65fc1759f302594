import torch


def as_planes(x: torch.Tensor) -> torch.Tensor:
    """[h, w, c] in the memory of [c, h, w]: torch adds in an order that depends on it."""
    return x.permute(2, 0, 1).contiguous().permute(1, 2, 0) if x.dim() == 3 else x.contiguous()
