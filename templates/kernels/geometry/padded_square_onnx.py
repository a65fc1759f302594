from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum

from .padded_to_onnx import padded_to
from .placement_onnx import Placement


def padded_square(h: Size, w: Size, anchor: str) -> Placement:
    """An h x w image padded to a square."""
    side = maximum(h, w)
    return padded_to(h, w, side, side, anchor)
