from procdsl.codegen.onnx.axes import first_largest, gather_along
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, maximum, where


def top_k(x: Tensor, k: int, axis: int) -> tuple[Tensor, Tensor]:
    """The k largest values along an axis and their indices; ties by index, NaN last.

    In float64 there is a number between -infinity and the least of float32.
    """
    nan = is_nan(x)
    known = maximum(where(nan, 0, x.cast("f64")), -1e300)
    index = first_largest(where(nan, float("-inf"), known), k, axis)
    return gather_along(x, index, axis), index
