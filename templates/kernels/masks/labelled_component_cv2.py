import cv2
import numpy as np


def labelled_component(mask: np.ndarray, corners: bool) -> np.ndarray:
    """The largest connected part of a mask [h, w], of equal ones that with the first pixel."""
    given = np.ascontiguousarray(mask).view(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(given, connectivity=8 if corners else 4)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if not len(areas):
        return np.zeros_like(mask)
    largest = np.isin(labels, 1 + np.flatnonzero(areas == areas.max()))
    return np.asarray(labels == labels.ravel()[largest.argmax()])
