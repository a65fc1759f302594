import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_scaled(
    boxes: np.ndarray, size: tuple[int, int], to_pixels: bool, y_first: bool
) -> np.ndarray:
    """Boxes in pixels of a picture of this height and width, or in 0..1 of it."""
    h, w = size
    by = np.array([h, w, h, w] if y_first else [w, h, w, h], np.float32)
    if to_pixels:
        return np.asarray(boxes * by)
    return np.asarray(boxes / by)
