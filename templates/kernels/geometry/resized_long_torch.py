from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized
from kernels.graphs.open_numbers_torch import at_least


def resized_long(h: int, w: int, side: int) -> Placement:
    """The longer side made `side`, the shorter one in proportion, rounded down."""
    of = at_least(h, w)
    return resized(h, w, at_least(1, side * h // of), at_least(1, side * w // of))
