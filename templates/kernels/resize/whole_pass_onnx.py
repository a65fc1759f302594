from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, quotient

from .taps_summed_onnx import taps_summed


def whole_pass(x: Tensor, index: Tensor, weights: Tensor) -> Tensor:
    """A pass over rows of uint8 [..., h, w, c] in weights of 2**-22, rounded half up.

    By tap there is the source index of each target row, and its weight; weights below 0 may lead
    out of the range.
    """
    total = taps_summed(x, index, weights) + (1 << 21)
    return clip(quotient(clip(total, 0, None), 1 << 22), None, 255).cast("u8")
