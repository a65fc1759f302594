from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch


@lru_cache(maxsize=64)
def remembered(table: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives for these arguments, computed once: tensors that are only read.

    The last argument is the device. The table is made on the host: so it has the same bits
    everywhere, and nothing waits for a number of it.
    """
    with torch.inference_mode(False):
        return moved_to(table(*arguments[:-1], torch.device("cpu")), arguments[-1])


def moved_to(found: Any, device: torch.device) -> Any:
    """A tensor, or a tuple of them, on the device, without waiting until it is there."""
    if isinstance(found, tuple):
        return tuple(moved_to(part, device) for part in found)
    return found.to(device, non_blocking=True)
