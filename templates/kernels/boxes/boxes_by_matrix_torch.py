import torch

from kernels.boxes.numbers_of_matrix_torch import numbers_of_matrix


def boxes_by_matrix(boxes: torch.Tensor, matrix: torch.Tensor) -> torch.Tensor:
    """The upright boxes round boxes (x1, y1, x2, y2) where affine maps [..., 2, 3] put them.

    The middle is mapped, and half a side; in float64, rounded to float32 once.
    """
    x1, y1, x2, y2 = boxes.to(torch.float64).unbind(-1)
    a, b, c, d, e, f = numbers_of_matrix(matrix, x1)
    x, y, w, h = (x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2
    across, down = a.abs() * w + b.abs() * h, d.abs() * w + e.abs() * h
    x, y = a * x + b * y + c, d * x + e * y + f
    found = torch.stack([x - across, y - down, x + across, y + down], dim=-1)
    return found.to(torch.float32)
