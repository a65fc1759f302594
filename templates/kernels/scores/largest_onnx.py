from procdsl.codegen.onnx.axes import argmax, gather_along, squeeze
from procdsl.codegen.onnx.axes import largest as largest_along
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, where


def largest(x: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """The largest value along an axis and its first index; NaN never wins."""
    best = largest_along(where(is_nan(x), float("-inf"), x), [axis])
    index = argmax(x.equals(best).cast("i32"), axis)
    return squeeze(gather_along(x, index, axis), axis), squeeze(index, axis)
