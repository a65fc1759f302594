import math

from kernels.geometry.half_even import half_even
from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized


def resized_pixels(h: int, w: int, multiple: int, fewest: int, most: int) -> Placement:
    """Each side the nearest multiple of a number; scaled until the area is within bounds."""
    to_h = max(1, half_even(h / multiple)) * multiple
    to_w = max(1, half_even(w / multiple)) * multiple
    if to_h * to_w > most:
        scale = math.sqrt((h * w) / most)
        to_h = max(1, int(h / scale / multiple)) * multiple
        to_w = max(1, int(w / scale / multiple)) * multiple
    elif to_h * to_w < fewest:
        scale = math.sqrt(fewest / (h * w))
        to_h = math.ceil(h * scale / multiple) * multiple
        to_w = math.ceil(w * scale / multiple) * multiple
    return resized(h, w, to_h, to_w)
