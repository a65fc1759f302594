from procdsl.codegen.onnx.axes import argmax, gather_along, squeeze
from procdsl.codegen.onnx.axes import largest as largest_along
from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, where


def largest(x: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """The largest value along an axis and its first index; NaN never wins.

    Where there is none, which is found sooner than one is left out, ArgMax alone tells the index.
    """
    nan = is_nan(x)

    def beside_nan() -> Tensor:
        best = largest_along(where(nan, float("-inf"), x), [axis])
        return argmax(x.equals(best).cast("i32"), axis)

    any_nan = largest_along(nan.cast("u8"), [*range(x.rank)]).cast("bool")
    index = choose(any_nan, beside_nan, lambda: argmax(x, axis))
    return squeeze(gather_along(x, index, axis), axis), squeeze(index, axis)
