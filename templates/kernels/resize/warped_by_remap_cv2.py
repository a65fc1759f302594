import cv2
import numpy as np

from kernels.resize.warped_places_numpy import warped_places_1024


@np.errstate(all="ignore")  # a matrix may hold anything
def warped_by_remap(
    x: np.ndarray, matrix: np.ndarray, h: int, w: int, fill: np.generic, picks: bool
) -> np.ndarray:
    """The warpAffine of OpenCV up to 4 on uint8, by the `remap` of fixed point that 5 still has."""
    if picks:
        rows, columns = (v >> 10 for v in warped_places_1024(matrix, h, w, x.shape, 512))
        flags, parts = cv2.INTER_NEAREST, np.zeros(0, np.uint16)
    else:
        rows, columns = (v >> 5 for v in warped_places_1024(matrix, h, w, x.shape, 16))
        flags, parts = cv2.INTER_LINEAR, ((rows & 31) * 32 + (columns & 31)).astype(np.uint16)
        rows, columns = rows >> 5, columns >> 5
    places = np.stack([columns, rows], -1).astype(np.int16)
    ground = (int(fill),) * 4
    found = cv2.remap(x, places, parts, flags, borderMode=cv2.BORDER_CONSTANT, borderValue=ground)
    return found.reshape(h, w, *x.shape[2:])
