import torch

from kernels.geometry.placement import Placement
from kernels.pixels.border_places_torch import border_places


def pad_by(x: torch.Tensor, at: Placement, mode: str) -> torch.Tensor:
    """Images [..., h, w, c] with a border of their own pixels."""
    rows = border_places(x.shape[-3], at.top, at.h, mode, x.device)
    columns = border_places(x.shape[-2], at.left, at.w, mode, x.device)
    return x.index_select(-3, rows).index_select(-2, columns)
