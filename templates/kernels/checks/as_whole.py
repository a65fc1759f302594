from typing import Any


def as_whole(n: Any) -> int:
    """A whole number; a TypeError of what is none, as True is none."""
    if "bool" in str(getattr(n, "dtype", type(n))):
        raise TypeError(f"no number: {n!r}")
    return int(n.__index__())
