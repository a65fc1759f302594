from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum

from .placement_onnx import Placement
from .resized_onnx import resized


def resized_long(h: Size, w: Size, side: int) -> Placement:
    """The longer side made `side`, the shorter one in proportion, rounded down."""
    of = maximum(h, w)
    return resized(h, w, maximum(side * h // of, 1), maximum(side * w // of, 1))
