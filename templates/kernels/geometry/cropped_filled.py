from kernels.geometry.half_of import half_of
from kernels.geometry.placement import Placement


def cropped_filled(h: int, w: int, to_h: int, to_w: int, to_even: bool) -> Placement:
    """The middle of an h x w image, or the image in the middle of a larger ground.

    With `to_even` half of an odd border is rounded to even where it is cut, and down where it is
    added; otherwise down where it is cut, and up where it is added.
    """
    top, left = (to_h - h + 1) // 2, (to_w - w + 1) // 2
    if to_even:
        top = (to_h - h) // 2 if h < to_h else -half_of(h - to_h)
        left = (to_w - w) // 2 if w < to_w else -half_of(w - to_w)
    return Placement(to_h, to_w, h, w, h, w, top, left)
