import torch

from kernels.scores.best_index_torch import best_index


def largest(x: torch.Tensor, axis: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The largest value along an axis and its first index; NaN never wins."""
    index = best_index(x, axis)
    return x.gather(axis, index.unsqueeze(axis)).squeeze(axis), index
