from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    if s.attr["f64"]:
        return (s.x.cast("f64") * s.attr["scale"]).cast("f32")
    x, scale = s.x.cast("f32"), s.constant("scale")
    return x / scale if s.attr["divides"] else x * scale
