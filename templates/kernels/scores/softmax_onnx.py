from procdsl.codegen.onnx.axes import largest, total_in_any_order
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import exp


def softmax(x: Tensor, axis: int) -> Tensor:
    """exp(x - max) / sum in float64, rounded to float32 once."""
    real = x.cast("f64")
    powers = exp(real - largest(real, [axis]))
    return (powers / total_in_any_order(powers, axis)).cast("f32")
