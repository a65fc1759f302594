from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    channel, apart, eps, least = (s.attr[name] for name in ("channel", "apart", "eps", "least"))
    return s.k.standardized(s.x, s.attr["rank"], channel, apart, eps, least)
