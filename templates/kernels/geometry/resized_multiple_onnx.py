from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, ratio

from .placement_onnx import Placement
from .resized_onnx import resized
from .rounded_as_onnx import rounded_as


def resized_multiple(h: Size, w: Size, multiple: int, rounding: str) -> Placement:
    """Each side made a multiple of a number, and at least that number."""
    to_h, to_w = (maximum(rounded_as(ratio(x, multiple), rounding), 1) for x in (h, w))
    return resized(h, w, to_h * multiple, to_w * multiple)
