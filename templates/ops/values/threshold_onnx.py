from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    x = s.x.cast("i32") if s.x.dtype in ("u8", "u16") else s.x
    return x > s.attr["above"]
