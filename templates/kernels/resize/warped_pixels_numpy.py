import numpy as np


def warped_pixels(
    x: np.ndarray, rows: np.ndarray, columns: np.ndarray, fill: np.generic
) -> np.ndarray:
    """The pixels [h, w, c] in these rows and columns; outside the picture the fill."""
    h, w = x.shape[:2]
    outside = (rows < 0) | (rows >= h) | (columns < 0) | (columns >= w)
    places = np.where(outside, 0, rows * w + columns)
    found = x.reshape(h * w, -1).take(places, axis=0)
    found[outside] = fill
    return found
