from kernels.geometry.anchored import anchored
from kernels.geometry.placement import Placement


def padded_square(h: int, w: int, anchor: str) -> Placement:
    """An h x w image padded to a square."""
    return anchored(h, w, max(h, w), max(h, w), anchor)
