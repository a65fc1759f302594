import math

from kernels.geometry.half_even import half_even


def rounded_as(x: float, rounding: str) -> int:
    """A number as a whole one: floor, ceil, half_up or half_even."""
    if rounding == "half_even":
        return half_even(x)
    if rounding == "half_up":
        return math.floor(x + 0.5)
    return math.ceil(x) if rounding == "ceil" else math.floor(x)
