from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    h, w, stride = (s.attr[name] for name in ("h", "w", "stride"))
    return s.k.boxes_at_centres(*s.ins, h, w, stride)
