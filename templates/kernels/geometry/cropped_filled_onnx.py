from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, ratio, where

from .placement_onnx import Placement
from .rounded_as_onnx import rounded_as


def cropped_filled(h: Size, w: Size, to_h: int, to_w: int, to_even: bool) -> Placement:
    """The middle of an h x w image, or the image in the middle of a larger ground.

    With `to_even` half of an odd border is rounded to even where it is cut, and down where it is
    added; otherwise down where it is cut, and up where it is added.
    """
    top, left = (shifted(side, to, to_even) for side, to in ((h, to_h), (w, to_w)))
    return Placement(to_h, to_w, h, w, h, w, top, left)


def shifted(side: Size, to: int, to_even: bool) -> Size:
    """Where one axis begins in the result."""
    if not to_even:
        return (to - side + 1) // 2
    cut = rounded_as(ratio(maximum(side - to, 0), 2), "half_even")
    return where(side < to, (to - side) // 2, -cut)
