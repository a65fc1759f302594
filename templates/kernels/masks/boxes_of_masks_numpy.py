import numpy as np


def boxes_of_masks(masks: np.ndarray, more: int) -> np.ndarray:
    """The boxes (x1, y1, x2, y2) of what is true in masks [n, h, w]; zeros where nothing is."""
    found: np.ndarray = np.zeros((len(masks), 4), np.float32)
    for start, there in ((0, np.asarray(masks.any(1))), (1, np.asarray(masks.any(2)))):
        some, size = there.any(-1), there.shape[-1]
        found[some, start] = there[some].argmax(-1)
        found[some, start + 2] = size - 1 - there[some, ::-1].argmax(-1) + more
    return found
