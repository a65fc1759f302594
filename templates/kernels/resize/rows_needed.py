def rows_needed(
    start: int, stop: int, first: int, rows: int, source: int, scale: float, more: int
) -> tuple[int, int]:
    """Source rows, from and to, that some target rows need, of pictures one below another.

    Of each picture's `source` rows there are made `rows` rows of the target, its `first` and those
    that follow, in steps of `scale`; each needs so many `more` above and below.
    """
    above = int((first + start % rows) * scale) - more
    below = int((first + (stop - 1) % rows + 1) * scale) + more + 1
    return (
        start // rows * source + max(0, above),
        (stop - 1) // rows * source + min(source, below),
    )
