import torch

from kernels.scores.largest_torch import largest


def decoded_simcc(
    x: torch.Tensor, y: torch.Tensor, split: float
) -> tuple[torch.Tensor, torch.Tensor]:
    """Where rows along x and along y are largest, and the smaller one of these two numbers."""
    of_x, column = largest(x, -1)
    of_y, row = largest(y, -1)
    scores = torch.where(of_y.isnan() | (of_x > of_y), of_y, of_x)
    places = torch.stack([column, row], dim=-1)
    places = torch.where(scores[..., None] > 0, places, torch.full_like(places, -1))
    places = places.to(torch.float32)
    return places / torch.full_like(places, split), scores
