from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

from ..geometry.placement_onnx import Placement
from .pil_order_onnx import in_pil_order
from .pil_weights_onnx import pil_weights
from .premultiplied_onnx import premultiplied, unpremultiplied
from .weights_22_bit_onnx import weights_22_bit
from .whole_pass_onnx import whole_pass
from .window_of_onnx import Window


def pil_resize(
    x: Tensor, h: Size, w: Size, filter_: str, version: int = 13, part: Placement | None = None
) -> Tensor:
    """Pillow's antialiased resize of uint8 [..., h, w, c], or a part of its result.

    Its version decides which pass comes first.
    """

    def one_pass(y: Tensor, target: Size, window: Window) -> Tensor:
        index, weights, _ = pil_weights(y.size(-3), target, filter_, window)
        return whole_pass(y, index, weights_22_bit(weights), filter_)

    alpha = x.size(-1) == 4
    same = equals(x.size(-3), h) & equals(x.size(-2), w)
    image = choose(same, lambda: x, lambda: premultiplied(x)) if alpha else x
    found = in_pil_order(image, h, w, version, part, one_pass)
    return choose(same, lambda: found, lambda: unpremultiplied(found)) if alpha else found
