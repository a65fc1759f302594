import torch

from kernels.scores.top_k_torch import top_k


def top_k_of_two(
    x: torch.Tensor, k: int, axes: list[int], place: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The k largest values over two axes, along one at a place, and their index along each."""
    moved = x.movedim(axes, [-2, -1])
    n = moved.shape[-1]
    values, index = top_k(moved.flatten(-2), k, -1)
    first = torch.div(index, n, rounding_mode="floor")
    second = index - first * n
    return values.movedim(-1, place), first.movedim(-1, place), second.movedim(-1, place)
