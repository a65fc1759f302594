from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    kernel = s.k.warped_nearest if s.attr["picks"] else s.k.warped_linear
    numbers = (s.attr[name] for name in ("h", "w", "fill", "fixed"))
    found = kernel(s.image, s.ins[1], *numbers)
    return s.plain(found)
