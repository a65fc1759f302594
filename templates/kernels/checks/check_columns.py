from collections.abc import Mapping
from typing import Any


def check_columns(columns: Mapping[str, Any], workers: int) -> int:
    """How many samples there are; refuse columns that differ in length, and a bad `workers`."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        came = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"expected as many samples in each argument, got {came}")
    if type(workers) is not int or workers < 1:  # True is no number
        raise ValueError(f"workers: expected a whole number above 0, got {workers!r}")
    return min(lengths.values())
