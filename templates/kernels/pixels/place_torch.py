import torch

from kernels.geometry.placement import Placement
from kernels.graphs.open_sizes_torch import is_open
from kernels.pixels.ground_torch import ground


def place(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """Images [..., h, w, c] where `at` puts them, on a ground of `fill`."""
    if is_open([at.top, at.left, x.shape[-3], x.shape[-2]]):
        return place_in_graph(x, at, fill)
    found = ground(x, at.h, at.w, fill)
    found[..., at.top : at.top + x.shape[-3], at.left : at.left + x.shape[-2], :] = x
    return found


def place_in_graph(x: torch.Tensor, at: Placement, fill: torch.Tensor) -> torch.Tensor:
    """The same, picked row by row and column by column, where a graph leaves sizes open."""
    rows = torch.arange(at.h, device=x.device) - at.top
    columns = torch.arange(at.w, device=x.device) - at.left
    down, across = (rows >= 0) & (rows < x.shape[-3]), (columns >= 0) & (columns < x.shape[-2])
    picked = x.index_select(-3, torch.where(down, rows, 0))
    picked = picked.index_select(-2, torch.where(across, columns, 0))
    return torch.where((down[:, None] & across)[:, :, None], picked, fill)
