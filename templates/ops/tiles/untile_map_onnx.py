from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site

from ._starts_onnx import starts


def onnx(s: Site) -> Tensor:
    return s.k.mean_of_tiles(s.x, s.attr["axes"], *starts(s), s.attr["tile"])
