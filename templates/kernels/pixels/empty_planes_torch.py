import torch

from kernels.checks.check_out_torch import check_out
from kernels.runtime.can_write_into_torch import can_write_into


def empty_planes(
    x: torch.Tensor, count: int, h: int, w: int, out: torch.Tensor | None
) -> torch.Tensor:
    """Memory for float32 planes [..., count, h, w] of images `x`: `out`, if it can be written."""
    shape = list(x.shape[:-3]) + [count, h, w]
    if out is not None:
        check_out("out", out, shape, torch.float32)
        if can_write_into(out, x):  # else the result is copied into `out` at the end
            return out
    return x.new_empty(shape, dtype=torch.float32)
