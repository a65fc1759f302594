from collections.abc import Mapping

import torch
from torch import nn


def keep_dtypes(module: nn.Module, constants: Mapping[str, torch.Tensor | None]) -> None:
    """The module's constants as they were, where the module now is."""
    for name, constant in constants.items():
        moved = module._buffers[name]
        if isinstance(constant, torch.Tensor) and isinstance(moved, torch.Tensor):
            module._buffers[name] = constant.to(moved.device)
