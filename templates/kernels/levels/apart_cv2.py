from collections.abc import Iterator

import cv2
import numpy as np

from kernels.levels.planes_apart_cv2 import planes_apart


def apart(x: np.ndarray) -> Iterator[tuple[slice, list[np.ndarray]]]:
    """The channels of uint8 [h, w, c] as [rows, w], in strips of at most 2**19 pixels."""
    h, w, c = x.shape
    if x.strides[:2] == (w, 1):  # the memory is that of planes
        yield slice(0, h), list(x.transpose(2, 0, 1))
        return
    rows = max(1, min(h, 2**19 // w))
    planes = planes_apart(rows, w, c)
    for top in range(0, h, rows):
        strip = x[top : top + rows]
        channels = [plane[: len(strip)] for plane in planes]
        cv2.split(strip, channels)
        yield slice(top, top + rows), channels
