from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized


def resized_short(h: int, w: int, side: int) -> Placement:
    """The shorter side made `side`, the longer one in proportion, rounded down."""
    of = min(h, w)
    return resized(h, w, max(1, side * h // of), max(1, side * w // of))
