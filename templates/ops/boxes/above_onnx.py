from procdsl.codegen.onnx.axes import unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes, scores = s.ins[:2]
    if s.attr["one_class"]:
        scores = unsqueeze(scores, -1)
    *found, rows, count = s.k.nms(
        boxes,
        scores,
        s.ins[2] if s.attr["given_ids"] else None,
        score=float("-inf") if s.attr["score"] is None else s.attr["score"],
        iou=None,
        per_class=False,
        limit=s.attr["limit"],
        every_label=s.attr["every_label"],
        candidates=s.attr["limit"],
        limit_per_class=None,
    )
    return (*found, rows, count) if s.attr["indices"] else (*found, count)
