from kernels.common.geometry import Geometry
from kernels.common.half_even import half_even
from kernels.common.resized import resized


def resized_capped(h: int, w: int, side: int, cap: int, to_even: bool) -> Geometry:
    """The shorter side made `side`, or less where the longer one would pass `cap`."""
    short, long = min(h, w), max(h, w)
    to_short, to_long = side, side * long // short
    if to_even:
        if long / short * side > cap:
            exact = cap * short / long
            to_short, to_long = half_even(exact), int(exact * long / short)
        if to_short == short:
            to_long = long
    elif to_long > cap:
        to_short, to_long = cap * side // to_long, cap
    if h <= w:
        return resized(h, w, max(1, to_short), max(1, to_long))
    return resized(h, w, max(1, to_long), max(1, to_short))
