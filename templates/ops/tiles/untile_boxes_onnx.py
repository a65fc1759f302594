from procdsl.codegen.onnx.axes import KEPT, reshape
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site

from ._starts_onnx import starts


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes, scores = s.ins
    _, _, rows, columns = starts(s)
    classes = [scores.size(-1)] if s.attr["by_class"] else []
    return s.k.boxes_of_tiles(boxes, rows, columns), reshape(scores, [KEPT, -1, *classes])
