from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized


def resized_long(h: int, w: int, side: int) -> Placement:
    """The longer side made `side`, the shorter one in proportion, rounded down."""
    of = max(h, w)
    return resized(h, w, max(1, side * h // of), max(1, side * w // of))
