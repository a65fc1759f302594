from procdsl.codegen.onnx.axes import moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    convert = s.k.pil_ycbcr_to_rgb if s.attr["back"] else s.k.pil_ycbcr
    return moved(convert(moved(s.x, -1, -3), s.attr["rgb"].index("R")), -3, -1)
