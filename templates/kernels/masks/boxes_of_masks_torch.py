import torch


def boxes_of_masks(masks: torch.Tensor, more: int) -> torch.Tensor:
    """The boxes (x1, y1, x2, y2) of what is true in masks [..., n, h, w], or zeros."""
    x1, x2 = ends_of(masks.any(dim=-2), more)
    y1, y2 = ends_of(masks.any(dim=-1), more)
    return torch.stack([x1, y1, x2, y2], dim=-1)


def ends_of(there: torch.Tensor, more: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The first place along the last axis that holds, and the last one and so many more."""
    places = torch.arange(there.shape[-1], dtype=torch.float32, device=there.device)
    behind = torch.full_like(places, there.shape[-1])
    first = torch.where(there, places, behind).amin(-1)
    last = torch.where(there, places + more, torch.zeros_like(places)).amax(-1)
    return torch.where(there.any(dim=-1), first, torch.zeros_like(first)), last
