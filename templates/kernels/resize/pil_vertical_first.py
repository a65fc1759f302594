def pil_vertical_first(sh: int, sw: int, h: int, w: int, version: int) -> bool:
    """Whether Pillow resizes the height before the width; version 13 has a rule of its own."""
    if version < 13:
        return sh > 100 * sw and h < sh
    return sh - h > 0 and sh - h > 2 * (sw - w)
