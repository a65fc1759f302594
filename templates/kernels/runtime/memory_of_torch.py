import torch


def memory_of(x: torch.Tensor) -> tuple[int, int]:
    """The first address of the memory that a tensor lies in, and the one behind the last."""
    held = x.untyped_storage()
    start = held.data_ptr()
    return start, start + held.nbytes()
