def check_length(axis: str, first: int, second: int) -> None:
    """Refuse two values of which an axis is not equally long."""
    if first != second:
        raise ValueError(f"`{axis}` is {first} long in one value and {second} in the other")
