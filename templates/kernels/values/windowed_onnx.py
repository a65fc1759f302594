from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def windowed(
    x: Tensor, low: float, high: float, start: float, width: float, offset: float
) -> Tensor:
    """(x - start) / width + offset in float64; 0 up to `low`, 1 above `high`; as float32."""
    real = x.cast("f64")
    inside = (real - start) / width + offset
    return where(real <= low, 0, where(real > high, 1, inside)).cast("f32")
