from kernels.geometry.to_f32 import to_f32


def resized_scaled(h: int, w: int, side: int, cap: int, how: str) -> tuple[int, int]:
    """One scale that makes the shorter side `side` or the longer one `cap`, for both sides.

    `how` is scaled_floor, scaled_floor_f32 (the scale a product with a reciprocal, each rounded to
    float32) or scaled_half_up.
    """
    if how == "scaled_floor_f32":
        by_short, by_long = to_f32(1 / min(h, w)), to_f32(1 / max(h, w))
        scale = min(to_f32(by_short * side), to_f32(by_long * cap))
    else:
        scale = min(side / min(h, w), cap / max(h, w))
    if how == "scaled_half_up":
        return int(h * scale + 0.5), int(w * scale + 0.5)
    return int(h * scale), int(w * scale)
