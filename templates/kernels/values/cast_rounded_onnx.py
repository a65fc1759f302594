from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import clip, is_nan, where


def cast_rounded(x: Tensor, dtype: str, low: int, high: int) -> Tensor:
    """Whole float64 numbers as integers: out of range becomes the nearest bound, NaN becomes 0."""
    limited = clip(where(is_nan(x), 0, x), float(low), float(high))
    if dtype != "i64":
        return limited.cast(dtype)
    too_large = limited >= 2.0**63  # the bound of int64 itself rounds up to 2**63
    return where(too_large, high, where(too_large, 0, limited).cast("i64"))
