import torch

from kernels.boxes.boxes_xyxy_torch import boxes_xyxy
from kernels.boxes.grid_points_torch import grid_points


def boxes_at_centres(
    sizes: torch.Tensor, offsets: torch.Tensor, h: int, w: int, stride: int
) -> torch.Tensor:
    """Boxes [..., n, 4] of a grid by their sizes and the offsets of centres, [..., 2, h, w]."""
    rows = torch.cat([offsets, sizes], dim=-3).flatten(-2).swapaxes(-1, -2)
    places = grid_points(h, w, [1], rows.device)[:2].t()
    boxes = torch.cat([places + rows[..., :2], rows[..., 2:]], dim=-1)
    return boxes_xyxy(boxes, "cxcywh") * stride
