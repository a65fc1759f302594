import numpy as np


def lookup_text(ids: np.ndarray, table: tuple[str, ...]) -> list[str]:
    """The entry of each id."""
    if ids.size and (ids.min() < 0 or ids.max() >= len(table)):
        first = ids[(ids < 0) | (ids >= len(table))][0]
        raise ValueError(f"an id outside the table of {len(table)} entries: {first}")
    return [table[i] for i in ids.tolist()]
