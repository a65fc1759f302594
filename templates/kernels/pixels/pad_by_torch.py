import torch

from kernels.geometry.placement import Placement
from kernels.pixels.border_places import border_places


def pad_by(x: torch.Tensor, at: Placement, mode: str) -> torch.Tensor:
    """Images [..., h, w, c] with a border of their own pixels."""
    rows = torch.tensor(border_places(x.shape[-3], at.top, at.h, mode), device="cpu")
    columns = torch.tensor(border_places(x.shape[-2], at.left, at.w, mode), device="cpu")
    x = x.index_select(-3, rows.to(x.device, non_blocking=True))
    return x.index_select(-2, columns.to(x.device, non_blocking=True))
