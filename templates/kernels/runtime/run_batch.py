from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_batch(function: Callable[..., Any], columns: Mapping[str, Any], workers: int) -> list[Any]:
    """The function on each sample, on some threads; an error names its sample."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1:
        came = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"expected as many samples in each argument, got {came}")
    if type(workers) is not int or workers < 1:  # True is no number
        raise ValueError(f"workers: expected a whole number above 0, got {workers!r}")
    count = min(lengths.values())

    def run(number: int) -> Any:
        try:
            return function(*(column[number] for column in columns.values()))
        except (TypeError, ValueError) as error:
            kind = TypeError if isinstance(error, TypeError) else ValueError
            raise kind(f"sample {number}: {error}") from error

    if workers == 1:
        return [run(number) for number in range(count)]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(count)))
