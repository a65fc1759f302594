import torch

from kernels.torch.check_out import check_out


def deliver(x: torch.Tensor, out: torch.Tensor | None) -> torch.Tensor:
    """The result, or the result in `out`."""
    if out is None or x is out:
        return x
    check_out(out, list(x.shape), x.dtype)
    return out.copy_(x)
