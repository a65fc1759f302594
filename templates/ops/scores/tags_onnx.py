from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    return s.k.top_above(s.x, s.attr["above"], s.attr["room"])
