import torch


def affine_back(matrix: torch.Tensor) -> torch.Tensor:
    """The inverse of maps [..., 2, 3] in float64, of one that has none 0."""
    m = matrix.to(torch.float64)
    a, b, c = m[..., 0, 0], m[..., 0, 1], m[..., 0, 2]
    d, e, f = m[..., 1, 0], m[..., 1, 1], m[..., 1, 2]
    determinant = a * e - b * d
    scale = torch.where(determinant == 0, torch.zeros_like(a), 1 / determinant)
    a, b, d, e = e * scale, -b * scale, -d * scale, a * scale
    found = torch.stack([a, b, -a * c - b * f, d, e, -d * c - e * f], dim=-1)
    return found.unflatten(-1, (2, 3))
