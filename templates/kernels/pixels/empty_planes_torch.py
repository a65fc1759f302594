import torch

from kernels.checks.check_out_torch import check_out


def empty_planes(
    x: torch.Tensor, count: int, h: int, w: int, out: torch.Tensor | None
) -> torch.Tensor:
    """Memory for float32 planes [count, h, w] made of `x`: `out`, where that can be written."""
    if out is not None:
        check_out("out", out, [count, h, w], torch.float32)
        if x.dtype != torch.float32 and out.device == x.device:  # else it could be the same memory
            return out
    return torch.empty([count, h, w], dtype=torch.float32, device=x.device)
