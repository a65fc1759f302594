import torch

from kernels.geometry.placement import Placement
from kernels.pixels.border_places import border_places


def pad_by(x: torch.Tensor, at: Placement, mode: str) -> torch.Tensor:
    """The image with a border of its own pixels."""
    rows = torch.tensor(border_places(x.shape[0], at.top, at.h, mode), device=x.device)
    columns = torch.tensor(border_places(x.shape[1], at.left, at.w, mode), device=x.device)
    return x.index_select(0, rows).index_select(1, columns)
