def check_frame(name: str, rows: int, w: int) -> None:
    """Refuse sizes that no 4:2:0 frame has: h rows of luma and h / 2 of chroma, h and w even."""
    if rows % 3 != 0 or w % 2 != 0:
        raise ValueError(
            f"{name}: no 4:2:0 frame has {rows} rows and the width {w}: "
            "rows must be a multiple of 3 (3 for 2 of the picture), the width even"
        )
