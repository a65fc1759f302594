def half_even(x: float) -> int:
    """The nearest whole number to one that is not negative; of two, the even one."""
    below = int(x)
    rest = x - below
    if rest > 0.5 or (rest == 0.5 and below % 2 == 1):
        return below + 1
    return below
