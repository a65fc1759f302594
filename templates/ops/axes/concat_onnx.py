from procdsl.codegen.onnx.axes import concat
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return concat(s.ins, s.attr["axis"])
