from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import where


def clipped(x: Tensor, low: float | None, high: float | None) -> Tensor:
    """Values below and above the bounds as the bounds; NaN and the sign of 0 stay."""
    if low is not None:
        x = where(x < low, low, x)
    if high is not None:
        x = where(x > high, high, x)
    return x
