from collections.abc import Callable, Sequence
from typing import Any

import torch


def found_rows(x: torch.Tensor, count: torch.Tensor, axis: int = 0) -> Any:
    """The rows along an axis that are found of a sample, or for each of a batch."""
    if count.dim() == 0:
        return x.narrow(axis, 0, int(count))
    return [rows.narrow(axis, 0, found) for rows, found in zip(x, count.tolist(), strict=True)]


def found_records(
    kind: Callable[..., Any], fields: Sequence[torch.Tensor], count: torch.Tensor
) -> Any:
    """The same of records: one for a sample, a list of them for a batch."""
    columns = [found_rows(x, count) for x in fields]
    if count.dim() == 0:
        return kind(*columns)
    return [kind(*values) for values in zip(*columns, strict=True)]
