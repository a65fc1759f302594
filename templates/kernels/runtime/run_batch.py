from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kernels.checks.check_columns import check_columns
from kernels.runtime.run_sample import run_sample


def run_batch(function: Callable[..., Any], columns: Mapping[str, Any], workers: int) -> list[Any]:
    """The function on each sample, on some threads; an error names its sample."""
    count = check_columns(columns, workers)

    def run(number: int) -> Any:
        return run_sample(function, columns.values(), number)

    if workers == 1:
        return [run(number) for number in range(count)]
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, range(count)))
