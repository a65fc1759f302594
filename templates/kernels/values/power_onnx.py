from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import power as raised
from procdsl.codegen.onnx.operators import where


def power(x: Tensor, exponent: float) -> Tensor:
    """x ** exponent in float64, rounded to float32 once; a number below 0 counts as 0."""
    real = x.cast("f64")
    return where(real <= 0, 0, raised(where(real <= 0, 1, real), exponent)).cast("f32")
