from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized
from kernels.geometry.rounded_as import rounded_as


def resized_multiple(h: int, w: int, multiple: int, rounding: str) -> Placement:
    """Each side made a multiple of a number, and at least that number."""
    to_h = max(1, rounded_as(h / multiple, rounding)) * multiple
    return resized(h, w, to_h, max(1, rounded_as(w / multiple, rounding)) * multiple)
