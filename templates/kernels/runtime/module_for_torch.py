from functools import lru_cache
from typing import Any

import torch


def module_for(kind: Any, value: Any) -> Any:
    """The module of this kind on the device of a tensor."""
    return module_on(kind, value.device if isinstance(value, torch.Tensor) else torch.device("cpu"))


@lru_cache(maxsize=16)
def module_on(kind: Any, device: torch.device) -> Any:
    return kind().to(device).eval()
