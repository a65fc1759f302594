from kernels.geometry.half_even import half_even


def rounded_as(x: float, rounding: str) -> int:
    """A number that is not negative as a whole one: floor, ceil, half_up or half_even."""
    if rounding == "half_even":
        return half_even(x)
    if rounding == "half_up":
        return int(x + 0.5)
    return int(x) + 1 if rounding == "ceil" and x > int(x) else int(x)
