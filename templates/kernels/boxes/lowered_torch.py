import torch

from kernels.boxes.rotated_shares_torch import polygon_shares, probiou_shares


def lowered(
    box: torch.Tensor,
    boxes: torch.Tensor,
    values: torch.Tensor,
    measure: str,
    bound: float,
    sigma: float,
) -> torch.Tensor:
    """What boxes [..., 1, k] leave of the scores of others [..., n]; NaN of what they drop."""
    if measure == "polygon":
        hit = polygon_shares(box, boxes).to(torch.float64) > bound
        return torch.where(hit, float("nan"), values)
    if measure == "probiou":
        hit = probiou_shares(box, boxes).to(torch.float64) > bound
        return torch.where(hit, float("nan"), values)
    share = upright_shares(box, boxes)
    if measure == "linear":
        return values * torch.where(share.to(torch.float64) > bound, 1 - share, 1.0)
    square = share.to(torch.float64) * share.to(torch.float64)
    left = (-square / sigma).exp().to(torch.float32)
    return values * torch.where(left.isnan(), 1.0, left)


def upright_shares(box: torch.Tensor, boxes: torch.Tensor) -> torch.Tensor:
    """The intersection over union of boxes [..., 1, 4] with others, (x1, y1, x2, y2)."""
    ax1, ay1, ax2, ay2 = box.unbind(-1)
    x1, y1, x2, y2 = boxes.unbind(-1)
    w = torch.minimum(ax2, x2) - torch.maximum(ax1, x1)
    h = torch.minimum(ay2, y2) - torch.maximum(ay1, y1)
    inter = w.clamp(min=0) * h.clamp(min=0)
    area = (ax2 - ax1) * (ay2 - ay1)
    return inter / ((area + (x2 - x1) * (y2 - y1)) - inter)
