from typing import Any

import torch

from kernels.checks.check_samples import check_samples
from kernels.checks.check_tensor_torch import check_tensor


def check_batch(
    name: str,
    value: Any,
    dtype: torch.dtype,
    shape: list[int],
    wanted: str,
    least: list[int] | None = None,
) -> None:
    """Refuse what is not a batch: samples in a sequence, or in one tensor with an axis in front."""
    if isinstance(value, torch.Tensor):
        check_tensor(name, value, dtype, shape, wanted, least, batch=True)
    else:
        check_samples(name, value)
