import torch

from kernels.checks.check_out_torch import check_out
from kernels.runtime.can_write_into_torch import can_write_into


def empty_pixels(x: torch.Tensor, out: torch.Tensor | None) -> torch.Tensor:
    """Memory in one piece for as many float32 as `x` has values: `out`, where it is such."""
    if out is not None:
        check_out("out", out, list(x.shape), torch.float32)
        if out.is_contiguous() and can_write_into(out, x):
            return out
    return x.new_empty(x.shape, dtype=torch.float32)
