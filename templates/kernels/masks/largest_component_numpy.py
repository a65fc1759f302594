import numpy as np


def largest_component(mask: np.ndarray, corners: bool) -> np.ndarray:
    """The largest connected part of a mask [h, w], of equal ones that with the first pixel.

    A pixel takes the largest label round it, and then the label of the pixel that its own names:
    the first one of its part has the largest.
    """
    size, (h, w) = mask.size, mask.shape
    labels = np.where(mask, np.arange(size, 0, -1).reshape(h, w), 0)
    while True:
        around = np.pad(labels, 1)
        across = np.maximum(np.maximum(around[:, :-2], around[:, 1:-1]), around[:, 2:])
        rows = across if corners else around[:, 1:-1]
        spread = np.maximum(np.maximum(rows[:-2], across[1:-1]), rows[2:])
        spread = np.where(mask, spread, 0)
        spread = np.where(mask, spread.ravel()[size - np.maximum(spread, 1)], 0)
        if np.array_equal(spread, labels):
            break
        labels = spread
    counts = np.bincount(labels.ravel(), minlength=size + 1)
    counts[0] = 0
    return mask & (labels == size - counts[::-1].argmax())
