def one_size(name: str, sizes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The height and width that all pictures of a batch have; maps and tiles need one."""
    for size in sizes:
        if size != sizes[0]:
            raise ValueError(
                f"{name}: expected one size for a batch, which maps and tiles need, got {sizes[0]} "
                f"and {size}; `postprocess_batch` takes pictures of any sizes one by one"
            )
    return sizes[:1]
