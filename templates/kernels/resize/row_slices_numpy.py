def row_slices(h: int, w: int) -> list[slice]:
    """The rows of an image in slices of some 16,000 pixels: what is made of them stays in cache."""
    step = max(1, 16384 // w)
    return [slice(top, top + step) for top in range(0, h, step)]
