from kernels.geometry.placement import Placement
from kernels.geometry.rounded_as import rounded_as
from kernels.graphs.open_numbers_torch import at_least, smaller


def letterboxed(
    h: int,
    w: int,
    box_h: int,
    box_w: int,
    centered: bool,
    enlarge: bool,
    rounding: str = "half_even",
    multiple: int = 0,
) -> Placement:
    """The image scaled into a box, the larger border below and right.

    With a `multiple` the box is cut down to the smallest one whose border is a remainder of it.
    """
    ratio = smaller(box_h / h, box_w / w)
    if not enlarge:
        ratio = smaller(ratio, 1.0)
    content_h = at_least(1, rounded_as(h * ratio, rounding))
    content_w = at_least(1, rounded_as(w * ratio, rounding))
    if multiple > 0:
        box_h = content_h + (box_h - content_h) % multiple
        box_w = content_w + (box_w - content_w) % multiple
    if not centered:
        return Placement(box_h, box_w, h, w, content_h, content_w, 0, 0)
    top, left = (box_h - content_h) // 2, (box_w - content_w) // 2
    return Placement(box_h, box_w, h, w, content_h, content_w, top, left)
