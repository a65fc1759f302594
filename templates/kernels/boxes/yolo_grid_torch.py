import torch

from kernels.boxes.boxes_xyxy_torch import boxes_xyxy
from kernels.boxes.grid_points_torch import grid_points
from kernels.scores.sigmoid_torch import sigmoid


def yolo_grid(
    raw: torch.Tensor,
    anchors: torch.Tensor,
    features: int,
    h: int,
    w: int,
    stride: int,
    scale: float,
    shift: float,
    squared: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Boxes [..., n, 4] and scores [..., n, class] of f32[..., anchors * features, h, w]."""
    rows = raw.unflatten(-3, [anchors.shape[0], features]).flatten(-2).swapaxes(-1, -2)
    places = grid_points(h, w, [1], raw.device)[:2].t() - shift
    centre = (sigmoid(rows[..., :2]) * scale + places) * stride
    if squared:
        size = sigmoid(rows[..., 2:4]) * 2
        size = size * size
    else:
        size = rows[..., 2:4].to(torch.float64).exp().to(torch.float32)
    boxes = torch.cat([centre, size * anchors[:, None]], dim=-1).flatten(-3, -2)
    scores = sigmoid(rows[..., 4:5]) * sigmoid(rows[..., 5:])
    return boxes_xyxy(boxes, "cxcywh"), scores.flatten(-3, -2)
