from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def weights_22_bit(weights: Tensor) -> Tensor:
    """Weights of float64 in units of 2**-22."""
    return half_away(weights * float(1 << 22)).cast("i32")


def half_away(x: Tensor) -> Tensor:
    """The nearest whole numbers, halves away from zero."""
    return where(x < 0, x - 0.5, x + 0.5).cast("i64").cast("f64")
