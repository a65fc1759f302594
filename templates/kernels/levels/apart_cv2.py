from collections.abc import Iterator

import cv2
import numpy as np


def apart(x: np.ndarray) -> Iterator[tuple[slice, list[np.ndarray]]]:
    """The channels of uint8 [h, w, c], each as [rows, w], a strip of at most 2**19 pixels a time.

    Planes a multiple of 4096 bytes apart would fall on the same lines of the cache.
    """
    h, w, c = x.shape
    if x.strides[:2] == (w, 1):  # the memory is that of planes
        yield slice(0, h), list(x.transpose(2, 0, 1))
        return
    rows = max(1, min(h, 2**19 // w))
    memory = np.empty((c, rows * w + (1024 - rows * w) % 4096), np.uint8)
    planes = memory[:, : rows * w].reshape(c, rows, w)
    for top in range(0, h, rows):
        strip = x[top : top + rows]
        channels = [plane[: len(strip)] for plane in planes]
        cv2.split(strip, channels)
        yield slice(top, top + rows), channels
