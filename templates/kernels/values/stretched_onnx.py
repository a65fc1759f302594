from procdsl.codegen.onnx.axes import largest, smallest
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import is_nan, plain_zero, where


def stretched(x: Tensor, axes: tuple[int, ...], eps: float) -> Tensor:
    """(x - min) / (max - min + eps) in float64, rounded to float32 once; 0 where that is 0/0.

    Min and max are those along `axes`.
    """
    real = x.cast("f64")
    low, high = extremes(x, axes) if axes else (real, real)
    spread = high - plain_zero(low) + eps
    return ((real - plain_zero(low)) / where(spread.equals(0), 1, spread)).cast("f32")


def extremes(x: Tensor, axes: tuple[int, ...]) -> tuple[Tensor, Tensor]:
    """The smallest and the largest number along axes, in float64; of NaN comes NaN."""
    if x.dtype in ("u16", "f16"):
        x = x.cast("i32" if x.dtype == "u16" else "f32")
    if x.dtype != "f32":
        return smallest(x, axes).cast("f64"), largest(x, axes).cast("f64")
    nan = is_nan(x)
    any_nan = largest(nan.cast("u8"), axes).cast("bool")  # of NaN runtimes make what they like
    known = where(nan, 0, x)
    low, high = smallest(known, axes).cast("f64"), largest(known, axes).cast("f64")
    return where(any_nan, float("nan"), low), where(any_nan, float("nan"), high)
