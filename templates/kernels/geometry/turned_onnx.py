from procdsl.codegen.onnx.graph import Size

from .placement_onnx import Placement


def turned(h: Size, w: Size, quarters: int) -> Placement:
    """An h x w image turned counterclockwise by right angles."""
    if quarters == 2:
        return Placement(h, w, h, w, -h, -w, h, w, False, True, True)
    if quarters == 1:
        return Placement(w, h, h, w, h, -w, 0, w, True, False, True)
    return Placement(w, h, h, w, -h, w, h, 0, True, True)
