import torch

from kernels.geometry.for_samples_torch import for_samples
from kernels.geometry.placement import Placement


def points_back(points: torch.Tensor, at: list[Placement]) -> torch.Tensor:
    """Points (x, y) of a step's result in the coordinates of its input.

    The step has put the pictures of a batch at these placements, or all of them at the only one.
    """
    x, y = points.unbind(-1)
    if at[0].transposed:
        x, y = y, x
    x = (x - for_samples([p.left for p in at], x)) * for_samples([p.source_w for p in at], x)
    y = (y - for_samples([p.top for p in at], y)) * for_samples([p.source_h for p in at], y)
    x = x / for_samples([p.content_w for p in at], x)
    y = y / for_samples([p.content_h for p in at], y)
    return torch.stack([x, y], dim=-1)
