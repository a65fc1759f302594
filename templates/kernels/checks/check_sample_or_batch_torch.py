import torch

from kernels.checks.check_tensor_torch import check_tensor
from kernels.graphs.hold_trace_torch import hold_trace


def check_sample_or_batch(
    name: str,
    value: torch.Tensor,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    least: list[int] | None = None,
) -> None:
    """Refuse what is neither a sample of this dtype and shape nor samples in one tensor."""
    batch = isinstance(value, torch.Tensor) and value.dim() == len(shape) + 1
    check_tensor(name, value, dtype, shape, f"{wanted}, or a batch of these", least, batch)
    if not torch.jit.is_scripting():
        hold_trace(name, value)
