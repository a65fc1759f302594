import torch

from kernels.graphs.exact_number_torch import ratio
from kernels.graphs.open_sizes_torch import is_open
from kernels.resize.filter_support import filter_support, filter_window
from kernels.runtime.remembered_torch import tensors_are_memory


def filter_windows(
    source: int, target: int, filter_: str, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """For each target pixel its centre, the first source pixel that it needs, and its end."""
    scale = ratio(source, target, device)
    reach = filter_support(filter_) * scale.clamp(min=1.0)
    center = (torch.arange(target, dtype=torch.float64, device=device) + 0.5) * scale
    start = (center - reach + 0.5).trunc().clamp(min=0)
    return center, start, (center + reach + 0.5).trunc().clamp(max=source)


def filter_taps(source: int, target: int, filter_: str) -> int:
    """How many source pixels a target pixel needs at most; in a graph of open sizes, or more.

    Those that it does not need have weight 0.
    """
    if is_open([source, target]):
        return open_taps(source, target, int(2 * filter_support(filter_)))
    if torch.jit.is_scripting() or values_are_known():
        _, start, end = filter_windows(source, target, filter_, torch.device("cpu"))
        return int((end - start).max())
    most = 0
    for i in range(target):
        first, last = filter_window(i, source, target, filter_)
        most = max(most, last - first)
    return most


@torch.jit.unused
def open_taps(source: int, target: int, width: int) -> int:
    """For a filter of this width at a reduction of 1: rounded up, and one for what is rounded."""
    return -(-width * torch.sym_max(source, target) // target) + 1


@torch.jit.unused
def values_are_known() -> bool:
    """Whether a number of a tensor on the processor can be asked for."""
    return not torch.compiler.is_compiling() and tensors_are_memory()
