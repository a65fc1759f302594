from procdsl.codegen.onnx.axes import part, swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    scores = part(s.x, 4, s.x.size(-2), -2)
    return s.k.boxes_xyxy(swapped(part(s.x, 0, 4, -2), -2, -1), s.attr["box"]), swapped(
        scores, -2, -1
    )
