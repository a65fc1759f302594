import torch

from kernels.runtime.memory_of_torch import memory_of


def can_write_into(out: torch.Tensor, x: torch.Tensor) -> bool:
    """Whether what is made of `x` can go straight into `out`, with which it shares no memory.

    What carries a gradient cannot: it is copied at the end.
    """
    if x.device != out.device or x.requires_grad:
        return False
    if torch.jit.is_scripting():  # there memory has no address: that of one dtype may be the same
        return x.dtype != out.dtype and not of_one_storage(x, out)
    if torch.compiler.is_compiling():
        return x.dtype != out.dtype
    (start, end), (other, behind) = memory_of(x), memory_of(out)
    return end <= other or behind <= start


def of_one_storage(x: torch.Tensor, y: torch.Tensor) -> bool:
    """Whether two tensors are views of one memory that torch has taken."""
    return x.as_strided([0], [1], 0).is_set_to(y.as_strided([0], [1], 0))
