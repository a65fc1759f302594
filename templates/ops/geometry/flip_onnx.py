from procdsl.codegen.onnx.axes import flip
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return flip(s.x, s.attr["axis"])
