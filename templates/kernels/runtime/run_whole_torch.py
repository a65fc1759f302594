from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from kernels.checks.check_columns import check_columns
from kernels.runtime.module_for_torch import module_for
from kernels.runtime.run_batch import run_batch
from kernels.runtime.run_sample import run_sample


def run_whole(
    kind: Callable[..., Any],
    function: Callable[..., Any],
    columns: Mapping[str, Any],
    arrays: int,
    workers: int,
) -> list[Any]:
    """The module of this kind on all samples at once, and what it gives for each.

    The first columns are `arrays`, the others the sizes of pictures. Samples that are not of one
    shape, and with more than one of `workers`, go one by one through `function`, which is the same
    on one and names it in an error.
    """
    count = check_columns(columns, workers)
    values = list(columns.values())
    if not count or workers > 1 or not all(are_alike(column) for column in values[:arrays]):
        return run_batch(function, columns, workers)
    given = [x if isinstance(x, torch.Tensor) else torch.stack(list(x)) for x in values[:arrays]]
    sizes = [x if isinstance(x, torch.Tensor) else list(x) for x in values[arrays:]]
    try:
        found = module_for(kind, given[0])(*given, *sizes)
    except (TypeError, ValueError):
        for number in range(count):
            run_sample(function, values, number)
        raise
    return [type(found)(*(of_sample(field, i) for field in found)) for i in range(count)]


def of_sample(field: Any, number: int) -> Any:
    """What a result is of one sample; of a record each of its tensors."""
    if isinstance(field, tuple):
        return type(field)(*(x[number] for x in field))
    return field[number]


def are_alike(column: Sequence[torch.Tensor] | torch.Tensor) -> bool:
    """Whether all samples are dense tensors that one tensor can hold."""
    if isinstance(column, torch.Tensor):
        return True
    if not all(isinstance(x, torch.Tensor) and x.layout == torch.strided for x in column):
        return False
    return len({(x.shape, x.dtype, x.device) for x in column}) == 1
