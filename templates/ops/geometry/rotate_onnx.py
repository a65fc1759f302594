from procdsl.codegen.onnx.axes import flip, swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.site import Site


def onnx(s: Site) -> Tensor:
    h, w = s.attr["axes"]
    if s.attr["quarters"] == 2:
        return flip(flip(s.x, h), w)
    turned = flip(s.x, w) if s.attr["quarters"] == 1 else flip(s.x, h)
    return swapped(turned, h, w)
