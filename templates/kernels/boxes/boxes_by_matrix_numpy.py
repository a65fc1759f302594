import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_by_matrix(boxes: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """The upright boxes round boxes (x1, y1, x2, y2) where an affine map [2, 3] puts them.

    The middle is mapped, and half a side; in float64, rounded to float32 once.
    """
    (a, b, c), (d, e, f) = matrix.astype(np.float64)
    x1, y1, x2, y2 = np.moveaxis(boxes.astype(np.float64), -1, 0)
    x, y, w, h = (x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2
    across, down = abs(a) * w + abs(b) * h, abs(d) * w + abs(e) * h
    x, y = a * x + b * y + c, d * x + e * y + f
    return np.stack([x - across, y - down, x + across, y + down], -1).astype(np.float32)
