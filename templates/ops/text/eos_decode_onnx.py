from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    return s.k.decoded_to_end(
        s.x, s.attr["over"], s.attr["sign"], s.attr["product"], s.attr["with_sign"]
    )
