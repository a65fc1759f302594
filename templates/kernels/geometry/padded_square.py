from kernels.geometry.padded_to import padded_to
from kernels.geometry.placement import Placement


def padded_square(h: int, w: int, anchor: str) -> Placement:
    """An h x w image padded to a square."""
    return padded_to(h, w, max(h, w), max(h, w), anchor)
