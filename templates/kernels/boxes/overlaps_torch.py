import torch


def overlaps(a: torch.Tensor, b: torch.Tensor, iou: float) -> torch.Tensor:
    """For each box of `a` [..., n, 4] and of `b` whether their IoU is above `iou`."""
    area_a = (a[..., 2] - a[..., 0]) * (a[..., 3] - a[..., 1])
    area_b = (b[..., 2] - b[..., 0]) * (b[..., 3] - b[..., 1])
    a, b = a[..., :, None, :], b[..., None, :, :]
    w = torch.minimum(a[..., 2], b[..., 2]) - torch.maximum(a[..., 0], b[..., 0])
    h = torch.minimum(a[..., 3], b[..., 3]) - torch.maximum(a[..., 1], b[..., 1])
    inter = w.clamp(min=0) * h.clamp(min=0)
    share = inter / ((area_a[..., :, None] + area_b[..., None, :]) - inter)
    return share.to(torch.float64) > iou
