from procdsl.codegen.onnx.graph import Size, Tensor

from ..geometry.placement_onnx import Placement
from .pil_order_onnx import in_pil_order
from .pil_weights_onnx import pil_weights
from .taps_summed_onnx import taps_summed
from .window_of_onnx import Window


def pil_resize_f32(
    x: Tensor, h: Size, w: Size, filter_: str, version: int = 13, part: Placement | None = None
) -> Tensor:
    """Pillow's antialiased resize of float32, each channel an image of mode F, or a part of it."""

    def one_pass(y: Tensor, target: Size, window: Window) -> Tensor:
        return taps_summed(y, *pil_weights(y.size(-3), target, filter_, window)).cast("f32")

    return in_pil_order(x, h, w, version, part, one_pass)
