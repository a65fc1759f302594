import numpy as np


@np.errstate(over="ignore", invalid="ignore")
def cropped_masks(
    masks: np.ndarray, boxes: np.ndarray, sides: tuple[int, int] | None
) -> np.ndarray:
    """Masks [n, h, w] with 0 outside of their boxes, which are in a picture of these sides.

    Without sides it has those of the masks.
    """
    h, w = masks.shape[1:]
    if sides is not None:
        boxes = boxes * np.array([w, h, w, h], np.float32)
        boxes = boxes / np.array([sides[1], sides[0]] * 2, np.float32)
    x1, y1, x2, y2 = boxes[..., None].swapaxes(0, 1)
    columns, rows = np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32)
    across = (columns >= x1) & (columns < x2)
    down = (rows >= y1) & (rows < y2)
    return np.where(down[:, :, None] & across[:, None], masks, masks.dtype.type(0))
