import torch


def overlaps(a: torch.Tensor, b: torch.Tensor, iou: float) -> torch.Tensor:
    """For each box of `a` [..., n, 4] and of `b` whether their IoU is above `iou`."""
    ax1, ay1, ax2, ay2 = sides(a)[..., None].unbind(0)
    bx1, by1, bx2, by2 = sides(b)[..., None, :].unbind(0)
    w = torch.minimum(ax2, bx2) - torch.maximum(ax1, bx1)
    h = torch.minimum(ay2, by2) - torch.maximum(ay1, by1)
    inter = w.clamp(min=0) * h.clamp(min=0)
    areas = (ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1)
    return inter / (areas - inter) > iou


def sides(boxes: torch.Tensor) -> torch.Tensor:
    """The sides of boxes [..., 4] along the first axis, each in one piece."""
    return boxes.movedim(-1, 0).contiguous()
