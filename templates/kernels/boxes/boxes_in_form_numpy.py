import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_in_form(corners: np.ndarray, form: str) -> np.ndarray:
    """Corners (x1, y1, x2, y2) in another form."""
    x1, y1, x2, y2 = np.moveaxis(corners, -1, 0)
    if form == "cxcywh":
        half = np.float32(0.5)
        return np.stack([(x1 + x2) * half, (y1 + y2) * half, x2 - x1, y2 - y1], axis=-1)
    if form == "xywh":
        return np.stack([x1, y1, x2 - x1, y2 - y1], axis=-1)
    return np.stack([y1, x1, y2, x2], axis=-1)
