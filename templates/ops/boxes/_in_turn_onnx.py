from procdsl.codegen.onnx.axes import unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    boxes, scores = s.ins[:2]
    if s.attr["one_class"]:
        scores = unsqueeze(scores, -1)
    ids = s.ins[2] if s.attr["given_ids"] else None
    score = float("-inf") if s.attr["score"] is None else s.attr["score"]
    names = ("measure", "bound", "sigma", "per_class", "limit", "every_label", "candidates")
    *found, rows, count = s.k.in_turn(boxes, scores, ids, score, *(s.attr[n] for n in names))
    return (*found, rows, count) if s.attr["indices"] else (*found, count)
