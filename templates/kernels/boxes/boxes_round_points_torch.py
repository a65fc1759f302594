import torch

from kernels.boxes.grid_points_torch import grid_points


def boxes_round_points(
    distances: torch.Tensor, h: int, w: int, strides: list[int], offset: float, by_stride: bool
) -> torch.Tensor:
    """Boxes f32[..., n, 4] by how far their four sides are from the places of grids."""
    x, y, stride = grid_points(h, w, strides, distances.device).unbind(0)
    if by_stride:
        distances = distances * stride[:, None]
    points = torch.stack([(x + offset) * stride, (y + offset) * stride], dim=-1)
    return torch.cat([points - distances[..., :2], points + distances[..., 2:]], dim=-1)
