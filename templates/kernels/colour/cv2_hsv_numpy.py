from functools import lru_cache

import numpy as np

from kernels.resize.row_slices_numpy import row_slices


def cv2_hsv(x: np.ndarray, red: int, degrees: int) -> np.ndarray:
    """OpenCV's hue (of `degrees` to the circle), saturation and value of uint8 [h, w, 3].

    Red is the channel `red` of `x`.
    """
    by_value, by_difference = hsv_tables(degrees)
    converted = np.empty(x.shape, np.uint8)
    for rows in row_slices(*x.shape[:2]):
        r, g, b = (x[rows, :, i].astype(np.int16) for i in (red, 1, 2 - red))
        v = np.maximum(np.maximum(r, g), b)
        d = v - np.minimum(np.minimum(r, g), b)
        converted[rows, :, 2] = v
        saturation = by_value.take(v)
        saturation *= d
        saturation += 1 << 11
        saturation >>= 12
        converted[rows, :, 1] = saturation
        sector = np.where(v == r, g - b, np.where(v == g, b - r + 2 * d, r - g + 4 * d))
        hue = by_difference.take(d)
        hue *= sector
        hue += 1 << 11
        hue >>= 12
        hue += (hue >> 31) & degrees  # where it is below 0
        converted[rows, :, 0] = hue
    return converted


@lru_cache(maxsize=2)
def hsv_tables(degrees: int) -> tuple[np.ndarray, np.ndarray]:
    """What saturation is divided by for each value, and hue for each difference, in 2**-12."""
    i = np.arange(1, 256)
    tables = (255 << 12) / i, (degrees << 12) / (6 * i)
    by_value, by_difference = (np.append(0, np.rint(table)).astype(np.int32) for table in tables)
    return by_value, by_difference
