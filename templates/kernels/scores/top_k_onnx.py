from procdsl.codegen.onnx.axes import first_largest, gather_along, largest, moved
from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, maximum, where


def top_k(x: Tensor, k: int, axis: int) -> tuple[Tensor, Tensor]:
    """The k largest values along an axis and their indices; ties by index, NaN last.

    They are looked for along the last axis, which is faster. Where there is NaN this is done in
    float64, in which there is a number between -infinity and the least of float32.
    """
    x = moved(x, axis, -1)
    nan = is_nan(x)

    def beside_nan() -> Tensor:
        known = maximum(where(nan, 0, x.cast("f64")), -1e300)
        return first_largest(where(nan, float("-inf"), known), k, -1)

    any_nan = largest(nan.cast("u8"), [*range(x.rank)]).cast("bool")
    index = choose(any_nan, beside_nan, lambda: first_largest(x, k, -1))
    return moved(gather_along(x, index, -1), -1, axis), moved(index, -1, axis)
