from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, quotient

from .taps_summed_onnx import taps_summed


def whole_pass(x: Tensor, index: Tensor, weights: Tensor, filter_: str) -> Tensor:
    """A pass over rows of uint8 [..., h, w, c] in weights of 2**-22, rounded half up.

    By tap there is the source index of each target row, and its weight.
    """
    total = taps_summed(x, index, weights, start=1 << 21)
    if filter_ in ("bicubic", "lanczos"):  # their weights below 0 may lead out of the range
        total = clip(total, 0, (255 << 22) + (1 << 21))
    return quotient(total, 1 << 22).cast("u8")
