from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import ratio

from .placement_onnx import Placement
from .rounded_as_onnx import rounded_as


def padded_to(h: Size, w: Size, to_h: Size, to_w: Size, anchor: str) -> Placement:
    """An h x w image inside a larger one, in the corner top_left or in the center.

    Of an odd border the larger half lies below and right; with center_even the even one above.
    """
    if anchor == "top_left":
        return Placement(to_h, to_w, h, w, h, w, 0, 0)
    rounding = "half_even" if anchor == "center_even" else "floor"
    top, left = (rounded_as(ratio(border, 2), rounding) for border in (to_h - h, to_w - w))
    return Placement(to_h, to_w, h, w, h, w, top, left)
