def one_size(sizes: list[tuple[int, int]]) -> tuple[int, int]:
    """The height and width that all pictures have; tiles of others make no batch."""
    for size in sizes:
        if size != sizes[0]:
            raise ValueError(
                f"tiles of pictures of one size make a batch, not of {sizes[0]} and {size}"
            )
    return sizes[0]
