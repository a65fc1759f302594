from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    def normalized(x: Tensor, mean: Tensor, std: Tensor) -> Tensor:
        centred = x.cast("f32") - mean
        return centred * std if s.attr["operator"] == "*" else centred / std

    return s.on_planes(normalized, "mean", "std")
