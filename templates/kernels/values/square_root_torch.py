import torch

from kernels.graphs.exact_number_torch import exact_number


def square_root(x: torch.Tensor) -> torch.Tensor:
    """The root of float64, rounded as IEEE 754 asks; torch's own is off by a bit now and then.

    Its square is taken exactly, in two parts (Dekker 1971), and what is missing from x put back.
    """
    some = (x > 0) & (x < float("inf"))
    root = torch.where(some, x, torch.ones_like(x)).sqrt()  # at 0 it would have no derivative
    split = root * exact_number(134217729.0, x.device)
    high = split - (split - root)
    low = root - high
    square = root * root
    error = ((high * high - square) + 2 * high * low) + low * low
    return torch.where(some, root + ((x - square) - error) / (2 * root), x.detach())
