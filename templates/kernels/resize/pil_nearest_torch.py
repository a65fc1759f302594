import torch

from kernels.geometry.placement import Placement
from kernels.graphs.some_of_axis_torch import some_of_axis
from kernels.resize.picked_pixels_torch import picked_pixels
from kernels.resize.stepped_places_torch import stepped_places
from kernels.resize.window_of import window_of
from kernels.runtime.remembered_torch import remembered


def pil_nearest(x: torch.Tensor, h: int, w: int, part: Placement | None = None) -> torch.Tensor:
    """Pillow's NEAREST, or a part of its result."""
    top, bottom, left, right = window_of(part, h, w)
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows = stepped_places(x.shape[-3], h, x.device)
        columns = stepped_places(x.shape[-2], w, x.device)
    else:
        rows = remembered(stepped_places, x.shape[-3], h, x.device)
        columns = remembered(stepped_places, x.shape[-2], w, x.device)
    rows, columns = some_of_axis(rows, 0, top, bottom), some_of_axis(columns, 0, left, right)
    return picked_pixels(x, rows, columns)
