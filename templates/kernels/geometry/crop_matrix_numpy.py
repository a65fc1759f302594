import numpy as np


@np.errstate(all="ignore")  # a box may be empty, or no numbers
def crop_matrix(box: np.ndarray, h: int, w: int, grow: float) -> np.ndarray:
    """The map [2, 3] that brings a box (x1, y1, x2, y2) to h x w pixels.

    Before it is `grow` times as large, and in the shape of h x w.
    """
    x1, y1, x2, y2 = box.astype(np.float64)
    width, fitted = (x2 - x1) * grow, (y2 - y1) * grow * (w / h)
    s = w / np.where(fitted > width, fitted, width)
    x, y = w / 2 - s * ((x1 + x2) / 2), h / 2 - s * ((y1 + y2) / 2)
    return np.array([[s, 0, x], [0, s, y]]).astype(np.float32)
