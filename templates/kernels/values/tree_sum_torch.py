import torch

from kernels.graphs.open_sizes_torch import refuse_open


def tree_sum(x: torch.Tensor) -> torch.Tensor:
    """The sum along the last axis, which stays as one of 1, its second half added to its first.

    That again and again: an order that any library can add in; `x` is used up, where no derivative
    is recorded.
    """
    n = x.shape[-1]
    refuse_open("a sum of floats", [n])
    while n > 1:
        half = (n + 1) // 2
        if x.requires_grad:
            x = torch.cat([x[..., : n - half] + x[..., half:n], x[..., n - half : half]], dim=-1)
        else:
            x[..., : n - half] += x[..., half:n]
        n = half
    return x[..., :1]
