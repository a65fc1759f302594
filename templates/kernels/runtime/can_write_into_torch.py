import torch


def can_write_into(out: torch.Tensor, x: torch.Tensor) -> bool:
    """Whether what is made of `x` can go straight into `out`, with which it shares no memory.

    What carries a gradient cannot: it is copied at the end.
    """
    if x.device != out.device or x.requires_grad:
        return False
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        return x.dtype != out.dtype
    first, second = x.untyped_storage(), out.untyped_storage()
    start, other = first.data_ptr(), second.data_ptr()
    return start + first.nbytes() <= other or other + second.nbytes() <= start
