def check_shared(axis: str, names: list[str], sizes: list[int]) -> None:
    """Refuse arguments that have an axis in common and differ in its size."""
    for i in range(1, len(sizes)):
        if sizes[i] != sizes[0]:
            raise ValueError(
                f"{names[0]} and {names[i]}: expected one size of {axis}, "
                f"got {sizes[0]} and {sizes[i]}"
            )
