from kernels.geometry.half_even import half_even
from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized
from kernels.geometry.resized_scaled import resized_scaled
from kernels.geometry.rounded_as import rounded_as


def resized_capped(
    h: int, w: int, side: int, cap: int, capped: str, multiple: int = 0, rounding: str = ""
) -> Placement:
    """The shorter side made `side`, or less where the longer one would pass `cap`.

    With a `multiple` each side is then rounded to one.
    """
    if capped.startswith("scaled"):
        to_h, to_w = resized_scaled(h, w, side, cap, capped)
    else:
        to_short, to_long = resized_capped_sides(min(h, w), max(h, w), side, cap, capped)
        to_h, to_w = (to_short, to_long) if h <= w else (to_long, to_short)
    to_h, to_w = max(1, to_h), max(1, to_w)
    if multiple > 0:
        to_h = max(1, rounded_as(to_h / multiple, rounding)) * multiple
        to_w = max(1, rounded_as(to_w / multiple, rounding)) * multiple
    return resized(h, w, to_h, to_w)


def resized_capped_sides(
    short: int, long: int, side: int, cap: int, capped: str
) -> tuple[int, int]:
    """The shorter and the longer side, each rounded as it is made."""
    to_short, to_long = side, side * long // short
    if capped == "half_even":
        if long / short * side > cap:
            exact = cap * short / long
            to_short, to_long = half_even(exact), int(exact * long / short)
        if to_short == short:
            to_long = long
    elif capped == "half_up":
        exact_short, exact_long = float(side), side / short * long
        if exact_long > cap:
            scale = cap / exact_long
            exact_short, exact_long = exact_short * scale, exact_long * scale
        to_short, to_long = int(exact_short + 0.5), int(exact_long + 0.5)
    elif to_long > cap:
        to_short, to_long = cap * side // to_long, cap
    return to_short, to_long
