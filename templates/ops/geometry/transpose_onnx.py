from procdsl.codegen.onnx.axes import swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return swapped(s.x, *s.attr["axes"])
