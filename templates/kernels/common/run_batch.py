from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_batch(function: Callable[..., Any], columns: Sequence[Any], workers: int) -> list[Any]:
    """The function on each sample, on some threads; an error names its sample."""
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise ValueError(f"the arguments differ in their number of samples: {lengths}")
    if not isinstance(workers, int) or workers < 1:
        raise ValueError(f"workers: expected a whole number above 0, got {workers!r}")

    def run(number: int) -> Any:
        try:
            return function(*(column[number] for column in columns))
        except (TypeError, ValueError) as error:
            raise type(error)(f"sample {number}: {error}") from error

    if workers == 1:
        return [run(number) for number in range(lengths[0])]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(lengths[0])))
