from procdsl.codegen.onnx.axes import moved, squeeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import square_root, where

from .tree_sum_onnx import tree_sum


def lengths(x: Tensor, axis: int) -> Tensor:
    """The length of each vector along an axis, which stays as one of 1, in float64."""
    real = moved(x.cast("f64"), axis, -1)
    return moved(square_root(tree_sum(real * real)), -1, axis)


def norm(x: Tensor, axis: int) -> Tensor:
    """The length of each vector along an axis, rounded to float32 once."""
    return squeeze(lengths(x, axis), axis).cast("f32")


def l2_normalized(x: Tensor, axis: int, eps: float) -> Tensor:
    """Vectors divided by their length, or by `eps` if that is more, rounded to float32 once."""
    length = lengths(x, axis)
    return (x.cast("f64") / where(length < eps, eps, length)).cast("f32")
