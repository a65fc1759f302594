from procdsl.codegen.onnx.graph import Size

from .placement_onnx import Placement


def cropped(h: Size, w: Size, to_h: Size, to_w: Size, top: Size, left: Size) -> Placement:
    """The part of an h x w image that begins at row `top` and column `left`."""
    return Placement(to_h, to_w, h, w, h, w, -top, -left)
