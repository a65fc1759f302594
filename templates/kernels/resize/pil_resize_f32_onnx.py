from procdsl.codegen.onnx.graph import Size, Tensor

from .pil_order_onnx import in_pil_order
from .pil_weights_onnx import pil_weights
from .taps_summed_onnx import taps_summed


def pil_resize_f32(x: Tensor, h: Size, w: Size, filter_: str, version: int = 13) -> Tensor:
    """Pillow's antialiased resize of float32, each channel an image of mode F."""

    def one_pass(y: Tensor, target: Size) -> Tensor:
        return taps_summed(y, *pil_weights(y.size(-3), target, filter_)).cast("f32")

    return in_pil_order(x, h, w, version, one_pass)
