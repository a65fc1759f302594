from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized
from kernels.graphs.open_numbers_torch import at_least, at_most


def resized_short(h: int, w: int, side: int) -> Placement:
    """The shorter side made `side`, the longer one in proportion, rounded down."""
    of = at_most(h, w)
    return resized(h, w, at_least(1, side * h // of), at_least(1, side * w // of))
