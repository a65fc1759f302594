import cv2
import numpy as np

from kernels.levels.apart_cv2 import apart
from kernels.levels.planes_apart_cv2 import planes_apart
from kernels.levels.spare_planes_cv2 import spare_planes


def look_up(x: np.ndarray, order: list[int], table: np.ndarray, planes: np.ndarray) -> None:
    """Write each channel of uint8 [h, w, c], through its row of a table, to its plane.

    One level at a time: a table of two levels takes 512 KB, and has to be fetched again whenever
    anything else has run between two calls.
    """
    h, w, c = x.shape
    size = planes.itemsize
    writable = planes.strides[2] == size and planes.strides[1] >= w * size
    if h * w <= 2**17 and x.strides[:2] != (w, 1) and planes.flags.c_contiguous and writable:
        spare = spare_planes(h, w, c)
        try:
            channels = spare.pop()
        except IndexError:
            channels = planes_apart(h, w, c)
        cv2.split(x, channels)
        for plane, channel, levels in zip(planes, order, table, strict=True):
            cv2.LUT(channels[channel], levels, plane)
        spare.append(channels)
        return
    for rows, channels in apart(x):
        for plane, channel, levels in zip(planes[:, rows], order, table, strict=True):
            if writable:
                cv2.LUT(channels[channel], levels, plane)
            else:  # memory that OpenCV does not write into
                plane[...] = cv2.LUT(channels[channel], levels)
