from kernels.common.cropped import cropped
from kernels.common.geometry import Geometry


def cropped_center(h: int, w: int, to_h: int, to_w: int, half_even: bool) -> Geometry:
    """The middle of an h x w image; half of an odd border is rounded to even, or down."""
    top, left = (h - to_h) // 2, (w - to_w) // 2
    if half_even:
        top, left = int(round((h - to_h) / 2)), int(round((w - to_w) / 2))
    return cropped(h, w, to_h, to_w, max(0, top), max(0, left))
