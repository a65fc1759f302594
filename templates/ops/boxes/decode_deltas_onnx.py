from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    by, divided, most, corners = (s.attr[name] for name in ("by", "divided", "most", "corners"))
    return s.k.boxes_of_deltas(*s.ins, by, divided, most, corners)
