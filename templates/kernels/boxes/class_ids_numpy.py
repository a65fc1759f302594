import numpy as np


def class_ids(numbers: np.ndarray, classes: int) -> np.ndarray:
    """The ids of classes that floats stand for: cut, and none beyond the last one."""
    known = np.where(np.isnan(numbers), 0, np.clip(numbers, 0, classes - 1))
    return np.asarray(known.astype(np.int64))
