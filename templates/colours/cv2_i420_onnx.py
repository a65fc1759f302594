from procdsl.codegen.onnx.axes import moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    red = s.attr["rgb"].index("R")
    if s.attr["back"]:
        return moved(s.k.planes_to_rgb(s.x, red), -3, -1)
    return s.k.rgb_to_planes(moved(s.x, -1, -3), red)
