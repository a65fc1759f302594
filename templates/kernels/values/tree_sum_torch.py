import torch


def tree_sum(x: torch.Tensor) -> torch.Tensor:
    """The sum of each row as [rows, 1], its second half added to its first again and again.

    An order that any library can add in; `x` is used up.
    """
    n = x.shape[1]
    while n > 1:
        half = (n + 1) // 2
        x[:, : n - half] += x[:, half:n]
        n = half
    return x[:, :1]
