def half_of(size: int) -> int:
    """Half of a whole number that is not negative; of two nearest ones, the even one."""
    return (size + size // 2 % 2) // 2
