from collections.abc import Sequence
from typing import Any

from kernels.runtime.texts_of_torch import texts_of


def joined_texts(ids: Any, table: Sequence[str], between: str) -> Any:
    """One text of the ids of a sample, or one of each sample of a batch."""
    if isinstance(ids, list) or ids.dim() > 1:
        return [joined_texts(sample, table, between) for sample in ids]
    return between.join(texts_of(ids, table))
