from kernels.geometry.half_even import half_even
from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized
from kernels.geometry.rounded_as import rounded_as


def resized_by(h: int, w: int, side: int, longer: bool, rounding: str) -> Placement:
    """Both sides times what makes the longer, or the shorter one, `side`."""
    of = max(h, w) if longer else min(h, w)
    if rounding == "half_even_ratio":
        ratio = of / side
        return resized(h, w, max(1, half_even(h / ratio)), max(1, half_even(w / ratio)))
    scale = side / of
    return resized(
        h, w, max(1, rounded_as(h * scale, rounding)), max(1, rounded_as(w * scale, rounding))
    )
