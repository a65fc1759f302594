import torch

from kernels.boxes.points_forward_torch import points_forward
from kernels.geometry.placement import Placement


def boxes_forward(boxes: torch.Tensor, at: Placement) -> torch.Tensor:
    """Boxes (x1, y1, x2, y2) of a step's input in the coordinates of its result."""
    first, last = points_forward(boxes.unflatten(-1, (2, 2)), at).unbind(-2)
    x1, y1 = first.unbind(-1)
    x2, y2 = last.unbind(-1)
    flip_x, flip_y = at.content_w < 0, at.content_h < 0
    if at.transposed:
        flip_x, flip_y = flip_y, flip_x
    if flip_x:
        x1, x2 = x2, x1
    if flip_y:
        y1, y2 = y2, y1
    return torch.stack([x1, y1, x2, y2], dim=-1)
