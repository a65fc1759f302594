from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, minimum, ratio, real

from .placement_onnx import Placement
from .resized_onnx import resized
from .rounded_as_onnx import rounded_as


def resized_by(h: Size, w: Size, side: int, longer: bool, rounding: str) -> Placement:
    """Both sides times what makes the longer, or the shorter one, `side`."""
    of = maximum(h, w) if longer else minimum(h, w)
    if rounding == "half_even_ratio":
        by = ratio(of, side)
        to_h, to_w = (rounded_as(ratio(x, by), "half_even") for x in (h, w))
    else:
        scale = ratio(side, of)
        to_h, to_w = (rounded_as(real(x) * scale, rounding) for x in (h, w))
    return resized(h, w, maximum(to_h, 1), maximum(to_w, 1))
