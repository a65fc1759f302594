from procdsl.codegen.onnx.graph import Number, Size
from procdsl.codegen.onnx.operators import ceil, maximum, minimum, ratio, real, where, whole

from .placement_onnx import Placement
from .resized_onnx import resized
from .rounded_as_onnx import rounded_as


def resized_box_multiple(
    h: Size, w: Size, box_h: int, box_w: int, multiple: int, how: str
) -> Placement:
    """One scale for both sides, each then made the nearest multiple: to fit, cover or come near."""
    by_h, by_w = ratio(box_h, h), ratio(box_w, w)
    if how == "fit":
        scale = minimum(by_h, by_w)
    elif how == "cover":
        scale = maximum(by_h, by_w)
    else:
        apart_h, apart_w = maximum(by_h - 1, 1 - by_h), maximum(by_w - 1, 1 - by_w)
        scale = where(apart_w < apart_h, by_w, by_h)
    to_h = multiple_in_box(real(h) * scale, box_h, multiple, how)
    to_w = multiple_in_box(real(w) * scale, box_w, multiple, how)
    return resized(h, w, to_h, to_w)


def multiple_in_box(side: Number, of_box: int, multiple: int, how: str) -> Size:
    """The nearest multiple that does not leave the box, or does not fall short of it."""
    count = side / multiple
    to = rounded_as(count, "half_even") * multiple
    if how == "fit":
        to = where(to > of_box, whole(count) * multiple, to)
    if how == "cover":
        to = where(to < of_box, whole(ceil(count)) * multiple, to)
    return maximum(to, multiple)
