from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch


def remembered(table: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives for these arguments, computed once: tensors that are only read.

    Where a tensor is no memory, as under a fake mode, it is computed for this call alone.
    """
    return computed_once(table, *arguments) if tensors_are_memory() else table(*arguments)


@lru_cache(maxsize=64)
def computed_once(table: Callable[..., Any], *arguments: Any) -> Any:
    with torch.inference_mode(False):
        return table(*arguments)


def tensors_are_memory() -> bool:
    """Whether a tensor that is made now can be used by any later call.

    Fake tensors and those of function transforms live as long as what made them.
    """
    made = torch.empty(1, device="cpu")
    try:
        return type(made) is torch.Tensor and made.data_ptr() != 0
    except RuntimeError:  # it has no memory to point at
        return False
