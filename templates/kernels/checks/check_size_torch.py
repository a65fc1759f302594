from typing import Any

import torch


def check_size(name: str, size: tuple[int, int]) -> None:
    """Refuse what is not a height and a width in pixels."""
    fits = torch.jit.is_scripting() or torch.compiler.is_compiling() or is_pair(size)
    if not fits or size[0] < 1 or size[1] < 1:
        raise ValueError(f"{name}: expected (height, width) in pixels, above 0, got {size}")


@torch.jit.unused
def is_pair(size: Any) -> bool:
    """Whether it is two whole numbers that int64 holds."""
    try:
        h, w = (n.__index__() for n in size)
    except (AttributeError, TypeError, ValueError):
        return False
    return max(h, w) < 2**63
