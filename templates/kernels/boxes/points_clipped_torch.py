import torch

from kernels.geometry.for_samples_torch import for_samples


def points_clipped(points: torch.Tensor, sizes: list[tuple[int, int]]) -> torch.Tensor:
    """Points (x, y) limited to images of these heights and widths."""
    h = for_samples([size[0] for size in sizes], points)
    w = for_samples([size[1] for size in sizes], points)
    high = torch.cat([w, h], dim=-1)
    points = torch.where(points < 0, torch.zeros_like(points), points)
    return torch.where(points > high, high, points)
