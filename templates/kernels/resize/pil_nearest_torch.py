import torch

from kernels.geometry.placement import Placement
from kernels.resize.picked_pixels_torch import picked_pixels
from kernels.resize.pil_places import pil_places
from kernels.resize.window_of import window_of
from kernels.runtime.remembered_torch import remembered


def pil_nearest(x: torch.Tensor, h: int, w: int, part: Placement | None = None) -> torch.Tensor:
    """Pillow's NEAREST, or a part of its result."""
    top, bottom, left, right = window_of(part, h, w)
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows, columns = pil_index(x.shape[-3], h, x.device), pil_index(x.shape[-2], w, x.device)
    else:
        rows = remembered(pil_index, x.shape[-3], h, x.device)
        columns = remembered(pil_index, x.shape[-2], w, x.device)
    return picked_pixels(x, rows[top:bottom], columns[left:right])


def pil_index(source: int, target: int, device: torch.device) -> torch.Tensor:
    """The source index of each target pixel."""
    return torch.tensor(pil_places(source, target), dtype=torch.int64, device=device)
