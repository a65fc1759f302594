from procdsl.codegen.onnx.axes import moved
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    return moved(s.k.cv2_hsv(moved(s.x, -1, -3), s.attr["rgb"].index("R"), 256), -3, -1)
