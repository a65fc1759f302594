import torch

from kernels.boxes.boxes_xyxy_torch import boxes_xyxy
from kernels.boxes.grid_points_torch import grid_points


def boxes_on_grid(raw: torch.Tensor, h: int, w: int, strides: list[int]) -> torch.Tensor:
    """Centres from places of grids, and logarithms of sizes, f32[..., 4, n], as [..., n, 4]."""
    x, y, stride = grid_points(h, w, strides, raw.device).unbind(0)
    size = raw[..., 2:4, :].to(torch.float64).exp().to(torch.float32) * stride
    places = [(raw[..., 0, :] + x) * stride, (raw[..., 1, :] + y) * stride]
    boxes = torch.stack([places[0], places[1], size[..., 0, :], size[..., 1, :]], dim=-1)
    return boxes_xyxy(boxes, "cxcywh")
