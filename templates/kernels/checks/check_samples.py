from collections.abc import Mapping
from typing import Any


def check_samples(name: str, value: Any) -> None:
    """Refuse what is not a sequence with an item for each sample."""
    counted = hasattr(value, "__len__") and hasattr(value, "__getitem__")
    if not counted or isinstance(value, Mapping | str | bytes):
        raise TypeError(f"{name}: expected a sequence of samples, got {type(value).__name__}")
