from procdsl.codegen.onnx.axes import part, swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes = s.k.boxes_on_grid(part(s.x, 0, 4, -2), *s.attr["sides"], s.attr["strides"])
    scores = part(s.x, 4, 5, -2) * part(s.x, 5, s.x.size(-2), -2)
    return boxes, swapped(scores, -2, -1)
