from collections.abc import Callable, Iterable
from typing import Any


def run_sample(function: Callable[..., Any], columns: Iterable[Any], number: int) -> Any:
    """The function on one sample; an error names it."""
    try:
        return function(*(column[number] for column in columns))
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(f"sample {number}: {error}") from error
