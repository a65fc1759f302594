from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, Tensor]:
    names = ("features", "h", "w", "stride", "scale", "shift", "squared")
    boxes, scores = s.k.yolo_grid(s.x, s.constant("anchors"), *(s.attr[name] for name in names))
    return boxes, scores
