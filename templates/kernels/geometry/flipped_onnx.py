from procdsl.codegen.onnx.graph import Size

from .placement_onnx import Placement


def flipped(h: Size, w: Size, horizontal: bool) -> Placement:
    """An h x w image mirrored left to right, or top to bottom."""
    if horizontal:
        return Placement(h, w, h, w, h, -w, 0, w, flipped_w=True)
    return Placement(h, w, h, w, -h, w, h, 0, flipped_h=True)
