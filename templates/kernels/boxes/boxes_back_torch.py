import torch

from kernels.geometry.for_samples_torch import for_samples
from kernels.geometry.placement import Placement


def boxes_back(boxes: torch.Tensor, at: list[Placement]) -> torch.Tensor:
    """Boxes (x1, y1, x2, y2) of a step's result in the coordinates of its input.

    The step has put the pictures of a batch at these placements, or all of them at the only one.
    """
    if at[0].transposed:
        boxes = boxes.unflatten(-1, (2, 2)).flip(-1).flatten(-2)
    x, y = boxes[..., 0::2], boxes[..., 1::2]
    x = (x - for_samples([p.left for p in at], x)) * for_samples([p.source_w for p in at], x)
    y = (y - for_samples([p.top for p in at], y)) * for_samples([p.source_h for p in at], y)
    x = x / for_samples([p.content_w for p in at], x)
    y = y / for_samples([p.content_h for p in at], y)
    if at[0].content_w < 0:
        x = x.flip(-1)
    if at[0].content_h < 0:
        y = y.flip(-1)
    return torch.stack([x, y], dim=-1).flatten(-2)
