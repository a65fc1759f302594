import torch

from kernels.torch.check_out import check_out


def empty_planes(x: torch.Tensor, count: int, out: torch.Tensor | None) -> torch.Tensor:
    """Memory for float32 planes [count, h, w] of the image: `out`, where that can be written."""
    shape = [count, x.shape[0], x.shape[1]]
    if out is not None:
        check_out(out, shape, torch.float32)
        if x.dtype != torch.float32 and out.device == x.device:  # else it could be the same memory
            return out
    return torch.empty(shape, dtype=torch.float32, device=x.device)
