from procdsl.codegen.onnx.axes import full, gather
from procdsl.codegen.onnx.control import repeat
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where

from .as_columns_onnx import as_columns, as_rows, standing


def taps_across(x: Tensor, index: Tensor, weights: Tensor, used: Tensor | None = None) -> Tensor:
    """The pass across images [..., h, w, c], as `taps_down` is the one down."""
    return as_rows(taps_down(as_columns(x), index, weights, used))


def taps_down(x: Tensor, index: Tensor, weights: Tensor, used: Tensor | None = None) -> Tensor:
    """Sums over rows of images [..., h, w, c] in the weights' dtype, one tap after the other.

    By tap `index` names the source row of each target row, `weights` its weight, and `used` whether
    it counts at all: an infinite pixel times 0 is none of the sum.
    """
    n, w, c = index.size(1), x.size(-2), x.size(-1)
    leading = [x.size(axis) for axis in range(x.rank - 3)]

    def added(tap: Tensor, total: Tensor) -> Tensor:
        taken = gather(x, gather(index, tap, 0), -3).cast(weights.dtype)
        taken = taken * standing(gather(weights, tap, 0))
        if used is not None:
            taken = where(standing(gather(used, tap, 0)), taken, 0)
        return total + taken

    return repeat(index.size(0), full([*leading, n, w, c], 0, weights.dtype), added)
