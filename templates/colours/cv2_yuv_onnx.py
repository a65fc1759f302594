from procdsl.codegen.onnx.axes import moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    planes, red = moved(s.x, -1, -3), s.attr["rgb"].index("R")
    if s.attr["back"]:
        weights = (18678, -9519, -6472, 33292)
        return moved(s.k.luma_differences_to_rgb(planes, red, 1, weights), -3, -1)
    return moved(s.k.luma_differences(planes, red, 1, 14369, 8061), -3, -1)
