from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, quotient

from .as_columns_onnx import as_columns, as_rows
from .taps_summed_onnx import taps_down


def whole_pass(x: Tensor, index: Tensor, weights: Tensor, down: bool) -> Tensor:
    """A pass of uint8 [..., h, w, c], down or across, in weights of 2**-22, rounded half up.

    By tap there is the source index of each target row or column, and its weight; weights below 0
    may lead out of the range.
    """
    total = taps_down(x if down else as_columns(x), index, weights) + (1 << 21)
    found = clip(quotient(clip(total, 0, None), 1 << 22), None, 255).cast("u8")
    return found if down else as_rows(found)
