from procdsl.codegen.onnx.axes import moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return moved(s.k.pairs_to_rgb(s.x, s.attr["rgb"].index("R"), 1), -3, -1)
