from typing import Any


def check_fields(out: Any, fields: tuple[str, ...]) -> None:
    """Refuse an `out` that is not a tuple with these fields."""
    if out is not None and getattr(out, "_fields", None) != fields:
        wanted = f"ModelInputs({', '.join(fields)})"
        raise TypeError(f"out: expected {wanted}, got {type(out).__name__}")
