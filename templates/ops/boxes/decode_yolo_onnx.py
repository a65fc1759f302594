from procdsl.codegen.onnx.axes import part, swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    first, end = s.attr["first"], s.attr["end"] or s.x.size(-2)
    boxes, scores = part(s.x, 0, 4, -2), part(s.x, first, end, -2)
    if s.attr["objectness"]:
        scores = part(s.x, 4, 5, -2) * scores
    found = s.k.boxes_xyxy(swapped(boxes, -2, -1), s.attr["box"]), swapped(scores, -2, -1)
    if s.attr["end"] is None:
        return found
    return (*found, swapped(part(s.x, end, s.x.size(-2), -2), -2, -1))
