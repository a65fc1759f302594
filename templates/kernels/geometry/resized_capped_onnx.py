from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import equals, maximum, minimum, ratio, real, where, whole

from .placement_onnx import Placement
from .resized_onnx import resized
from .resized_scaled_onnx import resized_scaled
from .rounded_as_onnx import rounded_as


def resized_capped(
    h: Size, w: Size, side: int, cap: int, capped: str, multiple: int = 0, rounding: str = ""
) -> Placement:
    """The shorter side made `side`, or less where the longer one would pass `cap`.

    With a `multiple` each side is then rounded to one.
    """
    if capped.startswith("scaled"):
        to_h, to_w = resized_scaled(h, w, side, cap, capped)
    else:
        to_short, to_long = resized_capped_sides(minimum(h, w), maximum(h, w), side, cap, capped)
        to_h, to_w = where(h <= w, to_short, to_long), where(h <= w, to_long, to_short)
    to_h, to_w = maximum(to_h, 1), maximum(to_w, 1)
    if multiple > 0:
        to_h = maximum(rounded_as(ratio(to_h, multiple), rounding), 1) * multiple
        to_w = maximum(rounded_as(ratio(to_w, multiple), rounding), 1) * multiple
    return resized(h, w, to_h, to_w)


def resized_capped_sides(
    short: Size, long: Size, side: int, cap: int, capped: str
) -> tuple[Size, Size]:
    """The shorter and the longer side, each rounded as it is made."""
    if capped == "half_up":
        exact = ratio(side, short) * real(long)
        scale = where(exact > cap, ratio(cap, exact), 1.0)
        return whole(side * scale + 0.5), whole(exact * scale + 0.5)
    to_long = side * long // short
    if capped == "half_even":
        over = ratio(long, short) * side > cap
        exact = ratio(cap * short, long)
        to_short = where(over, rounded_as(exact, "half_even"), side)
        to_long = where(over, whole(exact * real(long) / real(short)), to_long)
        return to_short, where(equals(to_short, short), long, to_long)
    return where(to_long > cap, cap * side // to_long, side), minimum(to_long, cap)
