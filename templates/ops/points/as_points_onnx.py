from procdsl.codegen.onnx.axes import stack
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return stack(s.ins, -1)
