from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    return s.k.panoptic_fpn(*s.ins, *(s.attr[n] for n in ("classes", "score", "overlap", "area")))
