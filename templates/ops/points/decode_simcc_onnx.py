from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    return s.k.decoded_simcc(s.x, s.ins[1], s.attr["split"])
