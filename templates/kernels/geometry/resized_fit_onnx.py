from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, ratio, where

from .placement_onnx import Placement
from .resized_onnx import resized
from .rounded_as_onnx import rounded_as


def resized_fit(h: Size, w: Size, box_h: int, box_w: int) -> Placement:
    """The largest size inside a box, the free side rounded half to even."""
    wide = ratio(w, h) > box_w / box_h
    to_h = maximum(rounded_as(ratio(h, w) * box_w, "half_even"), 1)
    to_w = maximum(rounded_as(ratio(w, h) * box_h, "half_even"), 1)
    return resized(h, w, where(wide, to_h, box_h), where(wide, box_w, to_w))
