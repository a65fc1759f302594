import numpy as np


def lookup_text(ids: np.ndarray, table: tuple[str, ...]) -> list[str]:
    """The entry of each id."""
    if ids.size and (ids.min() < 0 or ids.max() >= len(table)):
        raise ValueError(f"an id outside the table of {len(table)} entries: {ids.tolist()}")
    return [table[i] for i in ids.tolist()]
