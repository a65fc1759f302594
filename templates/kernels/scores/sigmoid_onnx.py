from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import exp


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x)) in float64, rounded to float32 once."""
    return (1 / (exp(-x.cast("f64")) + 1)).cast("f32")
