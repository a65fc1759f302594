from procdsl.codegen.onnx.axes import first_true, gather_along, squeeze
from procdsl.codegen.onnx.axes import largest as largest_along
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, where


def largest(x: Tensor, axis: int) -> tuple[Tensor, Tensor]:
    """The largest value along an axis and its first index; NaN never wins."""
    usable = where(is_nan(x), float("-inf"), x)
    index = first_true(x.equals(largest_along(usable, [axis])), axis)
    return squeeze(gather_along(x, index, axis), axis), squeeze(index, axis)
