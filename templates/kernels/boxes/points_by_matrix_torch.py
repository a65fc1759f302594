import torch

from kernels.boxes.numbers_of_matrix_torch import numbers_of_matrix


def points_by_matrix(points: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    """Points (x, y) where affine maps [..., 2, 3] put them, in float64, rounded to float32 once."""
    x, y = points.to(torch.float64).unbind(-1)
    a, b, c, d, e, f = numbers_of_matrix(matrix, x)
    return torch.stack([a * x + b * y + c, d * x + e * y + f], dim=-1).to(torch.float32)
