from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    h, w = s.k.of_all(s.named["h"]), s.k.of_all(s.named["w"])
    return s.k.pasted_masks(s.x, s.ins[1], h, w, s.attr["by"])
