from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    clipped = s.k.points_clipped if s.attr["points"] else s.k.boxes_clipped
    return clipped(s.x, s.named["size"])
