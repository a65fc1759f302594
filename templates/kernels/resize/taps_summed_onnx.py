from procdsl.codegen.onnx.axes import full, gather, one
from procdsl.codegen.onnx.control import repeat
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where

from .as_columns_onnx import standing


def taps_summed(
    x: Tensor,
    index: Tensor,
    weights: Tensor,
    used: Tensor | None = None,
    start: int | None = 0,
) -> Tensor:
    """Sums over rows of images [..., h, w, c] in the weights' dtype, one tap after the other.

    By tap `index` names the source row of each target row, `weights` its weight, and `used` whether
    it counts at all. They begin with `start`, where a plain zero leaves no -0.0, or with the first
    tap.
    """

    def tap_of(number: Tensor | int) -> Tensor:
        taken = gather(x, one(index, number, 0), -3).cast(weights.dtype)
        taken = taken * standing(one(weights, number, 0))
        return taken if used is None else where(standing(one(used, number, 0)), taken, 0)

    if start is None:
        return repeat(index.size(0) - 1, tap_of(0), lambda k, total: total + tap_of(k + 1))
    leading = [x.size(axis) for axis in range(x.rank - 3)]
    sizes = [*leading, index.size(1), x.size(-2), x.size(-1)]
    begun = full(sizes, start, weights.dtype)
    return repeat(index.size(0), begun, lambda k, total: total + tap_of(k))
