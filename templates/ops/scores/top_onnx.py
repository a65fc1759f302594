from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> tuple[Tensor, ...]:
    if len(s.attr["over"]) == 1:
        return s.k.top_k(s.x, s.attr["k"], *s.attr["over"])
    return s.k.top_k_of_two(s.x, s.attr["k"], s.attr["over"], s.attr["place"])
