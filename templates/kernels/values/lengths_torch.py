import torch

from kernels.graphs.exact_number_torch import exact_number
from kernels.values.square_root_torch import square_root
from kernels.values.tree_sum_torch import tree_sum


def lengths(x: torch.Tensor, axis: int) -> torch.Tensor:
    """The length of each vector along an axis, which stays as one of 1, in float64."""
    real = x.movedim(axis, -1).to(torch.float64)
    return square_root(tree_sum(real * real)).movedim(-1, axis)


def norm(x: torch.Tensor, axis: int) -> torch.Tensor:
    """The length of each vector along an axis, rounded to float32 once."""
    return lengths(x, axis).squeeze(axis).to(torch.float32)


def l2_normalized(x: torch.Tensor, axis: int, eps: float) -> torch.Tensor:
    """Vectors divided by their length, or by `eps` if that is more, rounded to float32 once."""
    least = exact_number(eps, x.device)
    return (x.to(torch.float64) / lengths(x, axis).clamp(min=least)).to(torch.float32)
