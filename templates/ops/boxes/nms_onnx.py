from procdsl.codegen.onnx.axes import unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes, scores = s.ins
    if s.attr["one_class"]:
        scores = unsqueeze(scores, -1)
    score = float("-inf") if s.attr["score"] is None else s.attr["score"]
    rest = (s.attr[name] for name in ("iou", "per_class", "limit", "every_label"))
    return s.k.nms(boxes, scores, score, *rest)
