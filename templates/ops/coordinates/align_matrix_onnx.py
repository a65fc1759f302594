from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return s.k.align_matrix(s.x, s.attr["x"], s.attr["y"], s.attr["middle"])
