import torch

from kernels.graphs.open_sizes_torch import is_open


def some_of_axis(x: torch.Tensor, axis: int, first: int, end: int) -> torch.Tensor:
    """The places of an axis from `first` on: a view; picked where a graph leaves them open.

    A slice of such would hold for those sizes alone that it is all of, or those that it is not.
    """
    if is_open([first, end, x.shape[axis]]):
        return x.index_select(axis, torch.arange(end - first, device=x.device) + first)
    return x.narrow(axis, first, end - first)
