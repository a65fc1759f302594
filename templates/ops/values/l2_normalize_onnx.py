from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return s.k.l2_normalized(s.x, s.attr["over"], s.attr["eps"])
