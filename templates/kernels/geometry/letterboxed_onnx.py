from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, minimum, ratio, real

from .placement_onnx import Placement
from .rounded_as_onnx import rounded_as


def letterboxed(
    h: Size,
    w: Size,
    box_h: Size,
    box_w: Size,
    centered: bool,
    enlarge: bool,
    rounding: str = "half_even",
    multiple: int = 0,
) -> Placement:
    """The image scaled into a box, the larger border below and right.

    With a `multiple` the box is cut down to the smallest one whose border is a remainder of it.
    """
    scale = minimum(ratio(box_h, h), ratio(box_w, w))
    if not enlarge:
        scale = minimum(scale, 1.0)
    content_h = maximum(rounded_as(real(h) * scale, rounding), 1)
    content_w = maximum(rounded_as(real(w) * scale, rounding), 1)
    if multiple > 0:
        box_h = content_h + (box_h - content_h) % multiple
        box_w = content_w + (box_w - content_w) % multiple
    if not centered:
        return Placement(box_h, box_w, h, w, content_h, content_w, 0, 0)
    top, left = (box_h - content_h) // 2, (box_w - content_w) // 2
    return Placement(box_h, box_w, h, w, content_h, content_w, top, left)
