from functools import lru_cache

import cv2


@lru_cache(maxsize=1)
def takes_two_levels() -> bool:
    """Whether `cv2.LUT` takes uint16: from OpenCV 4.13 on."""
    major, minor = cv2.__version__.split(".")[:2]
    return (int(major), int(minor)) >= (4, 13)
