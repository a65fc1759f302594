from kernels.geometry.anchored import anchored
from kernels.geometry.placement import Placement
from kernels.graphs.open_numbers_torch import at_least


def padded_square(h: int, w: int, anchor: str) -> Placement:
    """An h x w image padded to a square."""
    return anchored(h, w, at_least(h, w), at_least(h, w), anchor)
