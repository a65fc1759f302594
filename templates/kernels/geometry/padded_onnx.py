from procdsl.codegen.onnx.graph import Size

from .placement_onnx import Placement


def padded(h: Size, w: Size, top: int, left: int, bottom: int, right: int) -> Placement:
    """An h x w image with a border."""
    to_h, to_w = h + (top + bottom), w + (left + right)
    return Placement(to_h, to_w, h, w, h, w, top, left)
