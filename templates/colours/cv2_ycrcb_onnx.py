from procdsl.codegen.onnx.axes import moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    planes, red = moved(s.x, -1, -3), s.attr["rgb"].index("R")
    if s.attr["back"]:
        weights = (22987, -11698, -5636, 29049)
        return moved(s.k.luma_differences_to_rgb(planes, red, 2, weights), -3, -1)
    return moved(s.k.luma_differences(planes, red, 2, 11682, 9241), -3, -1)
