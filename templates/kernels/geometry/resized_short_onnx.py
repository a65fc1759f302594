from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, minimum

from .placement_onnx import Placement
from .resized_onnx import resized


def resized_short(h: Size, w: Size, side: int) -> Placement:
    """The shorter side made `side`, the longer one in proportion, rounded down."""
    of = minimum(h, w)
    return resized(h, w, maximum(side * h // of, 1), maximum(side * w // of, 1))
