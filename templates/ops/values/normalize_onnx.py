from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    centred = s.x.cast("f32") - s.constant("mean")
    std = s.constant("std")
    return centred * std if s.attr["operator"] == "*" else centred / std
