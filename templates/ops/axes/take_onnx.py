from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    names = ("axis", "rank", "index_rank", "of_none")
    return s.k.taken(s.x, s.ins[1], *(s.attr[name] for name in names))
