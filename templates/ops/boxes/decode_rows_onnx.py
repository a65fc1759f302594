from procdsl.codegen.onnx.axes import one, part
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes = s.k.boxes_xyxy(part(s.x, 0, 4, -1), s.attr["box"])
    return boxes, one(s.x, 4, -1), s.k.class_ids(one(s.x, 5, -1), s.attr["classes"])
