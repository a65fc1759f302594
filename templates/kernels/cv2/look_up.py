import cv2
import numpy as np

from kernels.cv2.apart import apart


def look_up(x: np.ndarray, order: list[int], table: np.ndarray, planes: np.ndarray) -> None:
    """Write each channel of uint8 [h, w, c], through its row of a table, to its plane."""
    writable = planes.strides[2] == planes.itemsize and planes.strides[1] >= planes.shape[2] * 4
    for rows, channels in apart(x):
        for plane, channel, row in zip(planes[:, rows], order, table, strict=True):
            if writable:
                cv2.LUT(channels[channel], row[None], plane)
            else:  # memory that OpenCV does not write into
                plane[...] = cv2.LUT(channels[channel], row[None])
