import torch

from kernels.geometry.for_samples_torch import for_samples
from kernels.geometry.placement import Placement


def points_forward(points: torch.Tensor, at: Placement) -> torch.Tensor:
    """Points (x, y) of a step's input in the coordinates of its result."""
    x, y = points.unbind(-1)
    x = x * at.content_w / for_samples([at.source_w], x) + at.left
    y = y * at.content_h / for_samples([at.source_h], y) + at.top
    return torch.stack([y, x] if at.transposed else [x, y], dim=-1)
