import math

from kernels.geometry.half_even import half_even


def to_f32(x: float) -> float:
    """A positive number rounded to the 24 bits of a float32."""
    part, exponent = math.frexp(x)
    return math.ldexp(float(half_even(part * 16777216.0)), exponent - 24)
