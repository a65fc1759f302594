from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    strides, offset, by_stride = (s.attr[name] for name in ("strides", "offset", "by_stride"))
    return s.k.boxes_round_points(s.x, *s.attr["sides"], strides, offset, by_stride)
