from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

from .pil_order_onnx import in_pil_order
from .pil_weights_onnx import pil_weights
from .premultiplied_onnx import premultiplied, unpremultiplied
from .weights_22_bit_onnx import weights_22_bit
from .whole_pass_onnx import whole_pass


def pil_resize(x: Tensor, h: Size, w: Size, filter_: str, version: int = 13) -> Tensor:
    """Pillow's antialiased resize of uint8 [..., h, w, c], its passes in a version's order."""

    def one_pass(y: Tensor, target: Size) -> Tensor:
        index, weights, _ = pil_weights(y.size(-3), target, filter_)
        return whole_pass(y, index, weights_22_bit(weights))

    if x.size(-1) != 4:
        return in_pil_order(x, h, w, version, one_pass)

    def resized() -> Tensor:
        return unpremultiplied(in_pil_order(premultiplied(x), h, w, version, one_pass))

    return choose(equals(x.size(-3), h) & equals(x.size(-2), w), lambda: x, resized)
