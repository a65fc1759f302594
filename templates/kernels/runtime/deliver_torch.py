import torch

from kernels.checks.check_out_torch import check_out


def deliver(x: torch.Tensor, out: torch.Tensor | None, name: str) -> torch.Tensor:
    """The result, or the result in `out`, where it carries no gradient."""
    if out is None or x is out:
        return x
    check_out(name, out, list(x.shape), x.dtype)
    return out.copy_(x.detach())
