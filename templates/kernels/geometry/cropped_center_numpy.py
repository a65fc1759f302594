from kernels.geometry.cropped import cropped
from kernels.geometry.half_of import half_of
from kernels.geometry.placement import Placement


def cropped_center(h: int, w: int, to_h: int, to_w: int, to_even: bool) -> Placement:
    """The middle of an h x w image; half of an odd border is rounded to even, or down."""
    border_h, border_w = max(0, h - to_h), max(0, w - to_w)
    if to_even:
        return cropped(h, w, to_h, to_w, half_of(border_h), half_of(border_w))
    return cropped(h, w, to_h, to_w, border_h // 2, border_w // 2)
