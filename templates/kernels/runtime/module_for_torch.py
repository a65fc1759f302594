from functools import lru_cache
from typing import Any

import torch

from kernels.runtime.remembered_torch import tensors_are_memory


def module_for(kind: Any, value: Any) -> Any:
    """The module of this kind on the device of a tensor."""
    device = value.device if isinstance(value, torch.Tensor) else torch.device("cpu")
    return module_kept(kind, device) if tensors_are_memory() else module_on(kind, device)


@lru_cache(maxsize=16)
def module_kept(kind: Any, device: torch.device) -> Any:
    with torch.inference_mode(False):
        return module_on(kind, device)


def module_on(kind: Any, device: torch.device) -> Any:
    with device:
        return kind().eval()
