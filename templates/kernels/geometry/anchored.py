from kernels.geometry.half_of import half_of
from kernels.geometry.placement import Placement


def anchored(h: int, w: int, to_h: int, to_w: int, anchor: str) -> Placement:
    """An h x w image inside a larger one, in the corner top_left or in the center.

    Of an odd border the larger half lies below and right; with center_even the even one above.
    """
    if max(to_h, to_w) > 16384:
        raise ValueError(f"an image would become {to_h} x {to_w}, too large: 16384 a side")
    if anchor == "top_left":
        top, left = 0, 0
    elif anchor == "center_even":
        top, left = half_of(to_h - h), half_of(to_w - w)
    else:
        top, left = (to_h - h) // 2, (to_w - w) // 2
    return Placement(to_h, to_w, h, w, h, w, top, left)
