import cv2
import numpy as np


def look_up(x: np.ndarray, order: list[int], table: np.ndarray, planes: np.ndarray) -> None:
    """Write each channel of uint8 [h, w, c], through its row of a table, to its plane."""
    channels = cv2.split(x)
    for plane, channel, row in zip(planes, order, table, strict=True):
        if plane.flags.c_contiguous:
            cv2.LUT(channels[channel], row[None], plane)
        else:
            plane[...] = cv2.LUT(channels[channel], row[None])
