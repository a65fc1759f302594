import torch

from kernels.values.tree_sum_torch import tree_sum


def total(x: torch.Tensor, axes: list[int]) -> torch.Tensor:
    """The sum along one axis or two, in float64, rounded to float32 once."""
    moved = x.movedim(axes, list(range(-len(axes), 0)))
    rows = moved.flatten(-2) if len(axes) == 2 else moved
    return tree_sum(rows.to(torch.float64, copy=True))[..., 0].to(torch.float32)


def count(x: torch.Tensor, axes: list[int]) -> torch.Tensor:
    """The sum of whole numbers, or of masks, along axes."""
    return x.sum(dim=axes, dtype=torch.int64)
