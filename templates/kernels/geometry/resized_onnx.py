from procdsl.codegen.onnx.graph import Size

from .placement_onnx import Placement


def resized(h: Size, w: Size, to_h: Size, to_w: Size) -> Placement:
    """The whole h x w image at another size."""
    return Placement(to_h, to_w, h, w, to_h, to_w, 0, 0)
