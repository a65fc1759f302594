import torch

from kernels.geometry.placement import Placement


def boxes_back(boxes: torch.Tensor, at: Placement) -> torch.Tensor:
    """Boxes (x1, y1, x2, y2) of a step's result in the coordinates of its input."""
    if at.transposed:
        boxes = boxes.unflatten(-1, (2, 2)).flip(-1).flatten(-2)
    x = (boxes[..., 0::2] - at.left) * at.source_w
    y = (boxes[..., 1::2] - at.top) * at.source_h
    x = x / torch.full_like(x, float(at.content_w))
    y = y / torch.full_like(y, float(at.content_h))
    if at.content_w < 0:
        x = x.flip(-1)
    if at.content_h < 0:
        y = y.flip(-1)
    return torch.stack([x, y], dim=-1).flatten(-2)
