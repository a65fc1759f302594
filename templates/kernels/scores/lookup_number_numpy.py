import numpy as np


def lookup_number(ids: np.ndarray, table: np.ndarray) -> np.ndarray:
    """The entry of each id."""
    if ids.size and (ids.min() < 0 or ids.max() >= len(table)):
        raise ValueError(f"an id outside the table of {len(table)} entries")
    return table[ids]
