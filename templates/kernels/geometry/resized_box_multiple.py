import math

from kernels.geometry.half_even import half_even
from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized


def resized_box_multiple(
    h: int, w: int, box_h: int, box_w: int, multiple: int, how: str
) -> Placement:
    """One scale for both sides, each then made the nearest multiple: to fit, cover or come near."""
    by_h, by_w = box_h / h, box_w / w
    if how == "fit":
        scale = min(by_h, by_w)
    elif how == "cover":
        scale = max(by_h, by_w)
    else:
        scale = by_w if abs(1 - by_w) < abs(1 - by_h) else by_h
    return resized(
        h,
        w,
        multiple_in_box(h * scale, box_h, multiple, how),
        multiple_in_box(w * scale, box_w, multiple, how),
    )


def multiple_in_box(side: float, of_box: int, multiple: int, how: str) -> int:
    """The nearest multiple that does not leave the box, or does not fall short of it."""
    to = half_even(side / multiple) * multiple
    if how == "fit" and to > of_box:
        to = int(side / multiple) * multiple
    if how == "cover" and to < of_box:
        to = math.ceil(side / multiple) * multiple
    return max(multiple, to)
