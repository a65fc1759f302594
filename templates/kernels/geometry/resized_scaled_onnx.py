from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import maximum, minimum, ratio, real, to_f32, whole


def resized_scaled(h: Size, w: Size, side: int, cap: int, how: str) -> tuple[Size, Size]:
    """One scale that makes the shorter side `side` or the longer one `cap`, for both sides.

    `how` is scaled_floor, scaled_floor_f32 (the scale a product with a reciprocal, each rounded to
    float32) or scaled_half_up.
    """
    short, long = minimum(h, w), maximum(h, w)
    if how == "scaled_floor_f32":
        by_short, by_long = to_f32(1 / real(short)), to_f32(1 / real(long))
        scale = minimum(to_f32(by_short * side), to_f32(by_long * cap))
    else:
        scale = minimum(ratio(side, short), ratio(cap, long))
    if how == "scaled_half_up":
        return whole(real(h) * scale + 0.5), whole(real(w) * scale + 0.5)
    return whole(real(h) * scale), whole(real(w) * scale)
