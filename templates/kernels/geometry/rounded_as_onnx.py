from procdsl.codegen.onnx.graph import Number, Size
from procdsl.codegen.onnx.operators import ceil, rounded, whole


def rounded_as(x: Number, rounding: str) -> Size:
    """A number that is not negative as a whole one: floor, ceil, half_up or half_even."""
    if rounding == "half_even":
        return whole(rounded(x))
    if rounding == "half_up":
        return whole(x + 0.5)
    return whole(ceil(x)) if rounding == "ceil" else whole(x)
