from procdsl.codegen.onnx.graph import Size, Tensor

from .pil_order_onnx import in_pil_order
from .pil_weights_onnx import pil_weights
from .taps_summed_onnx import taps_across, taps_down


def pil_resize_f32(x: Tensor, h: Size, w: Size, filter_: str, version: int = 13) -> Tensor:
    """Pillow's antialiased resize of float32, each channel an image of mode F."""

    def one_pass(y: Tensor, target: Size, down: bool) -> Tensor:
        table = pil_weights(y.size(-3 if down else -2), target, filter_)
        return (taps_down(y, *table) if down else taps_across(y, *table)).cast("f32")

    return in_pil_order(x, h, w, version, one_pass)
