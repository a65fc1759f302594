from procdsl.codegen.onnx.axes import largest, total_in_any_order
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import exp, log


def log_softmax(x: Tensor, axis: int) -> Tensor:
    """x - max - log(sum of exp(x - max)) in float64, rounded to float32 once."""
    real = x.cast("f64")
    less = real - largest(real, [axis])
    return (less - log(total_in_any_order(exp(less), axis))).cast("f32")
