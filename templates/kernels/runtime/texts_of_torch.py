from collections.abc import Sequence
from typing import Any

import torch


def texts_of(ids: Any, table: Sequence[str]) -> Any:
    """The text of each id of a tensor of any axes, or of a list of these: lists of texts."""
    if isinstance(ids, torch.Tensor):
        ids = ids.tolist()
    if isinstance(ids, list):
        return [texts_of(part, table) for part in ids]
    if ids < 0 or ids >= len(table):
        raise ValueError(f"an id outside the table of {len(table)} entries: {ids}")
    return table[ids]
