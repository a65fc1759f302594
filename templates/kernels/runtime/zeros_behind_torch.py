import torch


def zeros_behind(x: torch.Tensor, count: torch.Tensor, axis: int) -> torch.Tensor:
    """Rows along an axis of a sample with zeros in place of those behind the first `count`."""
    row = count.dim() + axis
    if not torch.jit.is_scripting() and has_no_more(count, x.shape[row]):
        return x
    numbers = torch.arange(x.shape[row], device=x.device)
    counts = count.reshape(list(count.shape) + [1] * (x.dim() - count.dim()))
    found = numbers.reshape([-1] + [1] * (x.dim() - row - 1)) < counts
    return torch.where(found, x, torch.zeros_like(x))


@torch.jit.unused
def has_no_more(count: torch.Tensor, rows: int) -> bool:
    """Whether a sample outside of graphs has no more rows than those that are found."""
    if torch.compiler.is_compiling() or torch.jit.is_tracing() or count.dim() > 0:
        return False
    try:
        return count.data_ptr() != 0 and int(count) == rows
    except RuntimeError:  # it has no memory, as fake tensors and those of function transforms
        return False
