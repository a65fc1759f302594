from collections.abc import Callable
from typing import Any

import torch
from torch import nn


class Processing(nn.Module):
    """A module whose constants follow it to another device and keep their dtype."""

    def _apply(self, fn: Callable[..., Any], recurse: bool = True) -> Any:
        held = dict(self._buffers)
        super()._apply(fn, recurse)
        for name, constant in held.items():
            moved = self._buffers[name]
            if isinstance(constant, torch.Tensor) and isinstance(moved, torch.Tensor):
                self._buffers[name] = constant.to(moved.device)
        return self
