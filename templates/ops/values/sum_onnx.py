from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return (s.k.total if s.attr["dtype"] == "f32" else s.k.count)(s.x, s.attr["over"])
