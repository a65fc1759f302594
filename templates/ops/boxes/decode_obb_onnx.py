from procdsl.codegen.onnx.axes import concat, part, swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, Tensor]:
    end = s.attr["end"]
    boxes = concat([part(s.x, 0, 4, -2), part(s.x, end, end + 1, -2)], -2)
    return swapped(boxes, -2, -1), swapped(part(s.x, 4, end, -2), -2, -1)
