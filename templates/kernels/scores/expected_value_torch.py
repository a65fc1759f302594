import torch

from kernels.values.tree_sum_torch import tree_sum


def expected_value(x: torch.Tensor, values: torch.Tensor, axis: int) -> torch.Tensor:
    """The sum along an axis of the numbers times these values, rounded to float32 once."""
    products = x.movedim(axis, -1).to(torch.float64) * values
    return tree_sum(products)[..., 0].to(torch.float32)
