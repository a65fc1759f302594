from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch


def remembered(table: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives for these arguments, computed once: tensors that are only read.

    The last argument is the device. The table is made on the host: so it has the same bits
    everywhere, and nothing waits for a number of it. Where a tensor is no memory, as under a fake
    mode, it is computed for this call alone.
    """
    return computed_once(table, *arguments) if tensors_are_memory() else made_on(table, *arguments)


@lru_cache(maxsize=64)
def computed_once(table: Callable[..., Any], *arguments: Any) -> Any:
    with torch.inference_mode(False):
        return made_on(table, *arguments)


def made_on(table: Callable[..., Any], *arguments: Any) -> Any:
    """What a function makes on the host, moved to the device that is the last argument."""
    return moved_to(table(*arguments[:-1], torch.device("cpu")), arguments[-1])


def moved_to(found: Any, device: torch.device) -> Any:
    """A tensor, or a tuple of them, on the device, without waiting until it is there."""
    if isinstance(found, tuple):
        return tuple(moved_to(part, device) for part in found)
    return found.to(device, non_blocking=True)


def tensors_are_memory() -> bool:
    """Whether a tensor that is made now can be used by any later call.

    Fake tensors and those of function transforms live as long as what made them.
    """
    made = torch.empty(1, device="cpu")
    try:
        return type(made) is torch.Tensor and made.data_ptr() != 0
    except RuntimeError:  # it has no memory to point at
        return False
