from typing import Any


def check_size(name: str, size: Any) -> None:
    """Refuse what is not a height and a width in pixels."""
    try:
        h, w = (n.__index__() for n in size)
        fits = h > 0 and w > 0
    except (AttributeError, TypeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(f"{name}: expected (height, width) in pixels, above 0, got {size!r}")
