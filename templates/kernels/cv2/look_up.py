import cv2
import numpy as np


def look_up(x: np.ndarray, order: list[int], table: np.ndarray, planes: np.ndarray) -> None:
    """Write each channel of uint8 [h, w, c], through its row of a table, to its plane."""
    channels = cv2.split(x)
    for plane, channel, row in zip(planes, order, table, strict=True):
        if plane.strides[1] == plane.itemsize and plane.strides[0] >= plane.shape[1] * 4:
            cv2.LUT(channels[channel], row[None], plane)
        else:  # memory that OpenCV does not write into
            plane[...] = cv2.LUT(channels[channel], row[None])
