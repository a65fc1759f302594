import torch

from kernels.scores.top_k_torch import top_k


def top_above(
    x: torch.Tensor, bound: float, limit: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The largest numbers above a bound of float32 in a room of `limit`, with zeros behind, their
    indices, and how many they are.
    """
    values, index = top_k(x, limit, -1)
    above = values > bound
    found = torch.where(above, values, torch.zeros_like(values)), torch.where(above, index, 0)
    return found[0], found[1], above.sum(dim=-1)
