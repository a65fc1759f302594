import torch


def numbers_are_known(x: torch.Tensor) -> bool:
    """Whether a program may look at the numbers of a tensor at no cost, and choose by them."""
    if torch.jit.is_scripting():
        return x.is_cpu
    return numbers_are_memory(x)


@torch.jit.unused
def numbers_are_memory(x: torch.Tensor) -> bool:
    """The same where Python runs: not in a graph, nor under a transform of functions."""
    if torch.compiler.is_compiling() or torch.jit.is_tracing() or not x.is_cpu:
        return False
    try:
        return type(x) is torch.Tensor and x.data_ptr() != 0
    except RuntimeError:  # it is a stand-in for others
        return False
