from procdsl.codegen.onnx.axes import unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes, scores = s.ins[:2]
    if s.attr["one_class"]:
        scores = unsqueeze(scores, -1)
    ids = s.ins[2] if s.attr["given_ids"] else None
    names = ("score", "iou", "models", "candidates", "limit", "every_label")
    return tuple(s.k.fused_boxes(boxes, scores, ids, *(s.attr[name] for name in names)))
