from collections.abc import Callable
from functools import lru_cache
from typing import Any

import torch


@lru_cache(maxsize=64)
def remembered(table: Callable[..., Any], *arguments: Any) -> Any:
    """What a function gives for these arguments, computed once: tensors that are only read."""
    with torch.inference_mode(False):
        return table(*arguments)
