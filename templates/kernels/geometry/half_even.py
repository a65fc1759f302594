import math


def half_even(x: float) -> int:
    """The nearest whole number; of two, the even one.

    Nothing is chosen by `x`, so that a graph may leave it open.
    """
    up, down = math.floor(x + 0.5), math.ceil(x - 0.5)
    return up - (up - down) * (up % 2)
