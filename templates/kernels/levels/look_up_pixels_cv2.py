import cv2
import numpy as np


def look_up_pixels(x: np.ndarray, table: np.ndarray, out: np.ndarray) -> None:
    """Write each value of uint8 [h, w, c] or [h, w] through its channel's row of a table."""
    written = out.reshape(-1)  # in one piece, and then without the strides that an axis of one had
    if len(table) == 1:
        cv2.LUT(x.reshape(x.shape[:2]), table[0], written.reshape(out.shape[:2]))
    else:
        cv2.LUT(x, np.ascontiguousarray(table.T), written.reshape(out.shape))
