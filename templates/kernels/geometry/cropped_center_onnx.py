from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, ratio

from .cropped_onnx import cropped
from .placement_onnx import Placement
from .rounded_as_onnx import rounded_as


def cropped_center(h: Size, w: Size, to_h: int, to_w: int, to_even: bool) -> Placement:
    """The middle of an h x w image; half of an odd border is rounded to even, or down."""
    border_h, border_w = maximum(h - to_h, 0), maximum(w - to_w, 0)
    rounding = "half_even" if to_even else "floor"
    top, left = (rounded_as(ratio(border, 2), rounding) for border in (border_h, border_w))
    return cropped(h, w, to_h, to_w, top, left)
