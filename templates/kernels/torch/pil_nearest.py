import torch

from kernels.common.geometry import Geometry
from kernels.common.pil_places import pil_places
from kernels.common.window_of import window_of


def pil_nearest(x: torch.Tensor, h: int, w: int, part: Geometry | None = None) -> torch.Tensor:
    """Pillow's NEAREST, or a part of its result."""
    top, bottom, left, right = window_of(part, h, w)
    rows = torch.tensor(pil_places(x.shape[0], h)[top:bottom], device=x.device)
    columns = torch.tensor(pil_places(x.shape[1], w)[left:right], device=x.device)
    return x.index_select(0, rows).index_select(1, columns)
