import torch


def taps_gathered(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, down: bool
) -> torch.Tensor:
    """The pass of a graph: sums over rows or columns of [..., h, w, c] in the weights' dtype.

    By tap `index` names the source of each target row or column, and `weights` its weight. All are
    taken at once: a graph holds for any number of taps, and its compiler makes one loop of it.
    """
    taken = weighed_taps(x, index, weights, down)
    return taken.sum(0, dtype=weights.dtype).movedim(0, -3 if down else -2)


def weighed_taps(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, down: bool
) -> torch.Tensor:
    """What is to be summed, with the taps and then the target's rows or columns in front."""
    taken = x.movedim(-3 if down else -2, 0)[index].to(weights.dtype)
    return taken * weights.reshape(list(weights.shape) + [1] * (x.dim() - 1))
