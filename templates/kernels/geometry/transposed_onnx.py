from procdsl.codegen.onnx.graph import Size

from .placement_onnx import Placement


def transposed(h: Size, w: Size) -> Placement:
    """An h x w image with its rows as columns."""
    return Placement(w, h, h, w, h, w, 0, 0, True)
