def check_even(name: str, h: int, w: int) -> None:
    """Refuse a picture that makes no 4:2:0 frame."""
    if h % 2 != 0 or w % 2 != 0:
        raise ValueError(f"{name}: a picture of {h} x {w} makes no 4:2:0 frame: both must be even")
