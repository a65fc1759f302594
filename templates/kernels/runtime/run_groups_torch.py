from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch

from kernels.checks.check_columns import check_columns
from kernels.runtime.groups_of_size_torch import are_samples, groups_of_size
from kernels.runtime.module_for_torch import module_for
from kernels.runtime.run_sample import run_sample


def run_groups(
    kind: Callable[..., Any],
    function: Callable[..., Any],
    columns: Mapping[str, Any],
    ranks: Sequence[int],
    out: torch.Tensor | None,
    writes_out: bool,
    workers: int,
    order: str = "",
) -> list[Any]:
    """The module of this kind on groups of samples of one size, on some threads.

    It gives what it makes of each sample, or writes that into `out`.

    `ranks` says how many axes a sample has of each argument. `function` is the same on one sample,
    and names it in an error. All have the channels in this `order`, where the
    caller names one.
    """
    count = check_columns(columns, workers)
    found: list[Any] = [None] * count
    groups = groups_of_size(list(columns.values()), count, ranks, workers)

    def run(numbers: list[int]) -> None:
        run_group(
            kind, function, list(columns.values()), numbers, ranks, found, out, writes_out, order
        )

    if workers == 1:
        for group in groups:
            run(group)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(run, groups))
    return found


def run_group(
    kind: Callable[..., Any],
    function: Callable[..., Any],
    columns: Sequence[Any],
    numbers: list[int],
    ranks: Sequence[int],
    found: list[Any],
    out: torch.Tensor | None,
    writes_out: bool,
    order: str,
) -> None:
    """The module on some samples together; `out` takes what it makes of them, else `found`."""
    if not are_samples([column[numbers[0]] for column in columns], ranks):
        run_sample(function, columns, numbers[0])  # which refuses it
    try:
        batch = [together(column, numbers) for column in columns]
        module = module_for(kind, batch[0])
        named: dict[str, Any] = {"order": order} if order else {}
        if writes_out:
            named["out"] = place_in(out, numbers)
        results = module(*batch, **named)
    except (TypeError, ValueError):
        run_sample(function, columns, numbers[0])
        raise
    if out is None:
        for number, result in zip(numbers, apart(results), strict=True):
            found[number] = result
    elif not are_neighbours(numbers):
        out[numbers] = results.detach().to(out.device)
    elif not results.is_set_to(out[numbers[0] : numbers[-1] + 1]):  # else it was written there
        out[numbers[0] : numbers[-1] + 1] = results.detach()


def together(column: Any, numbers: list[int]) -> torch.Tensor:
    """Some samples as one tensor, without a copy where they lie beside each other in one."""
    if isinstance(column, torch.Tensor) and are_neighbours(numbers):
        return column[numbers[0] : numbers[-1] + 1]
    if len(numbers) == 1:
        sample: torch.Tensor = column[numbers[0]]
        return sample[None]
    return torch.stack([column[number] for number in numbers])


def place_in(out: torch.Tensor | None, numbers: list[int]) -> torch.Tensor | None:
    """Where the results of some samples lie in `out`, if that is one piece."""
    if out is None or not are_neighbours(numbers):
        return None
    return out[numbers[0] : numbers[-1] + 1]


def are_neighbours(numbers: list[int]) -> bool:
    """Whether no other number lies between those in order."""
    return numbers[-1] - numbers[0] == len(numbers) - 1


def apart(results: Any) -> list[Any]:
    """What a batch gave, by sample."""
    if isinstance(results, torch.Tensor):
        return list(results.unbind(0))
    return [type(results)(*values) for values in zip(*(x.unbind(0) for x in results), strict=True)]
