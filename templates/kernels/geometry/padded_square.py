from kernels.geometry.geometry import Geometry
from kernels.geometry.padded_to import padded_to


def padded_square(h: int, w: int, anchor: str) -> Geometry:
    """An h x w image padded to a square."""
    return padded_to(h, w, max(h, w), max(h, w), anchor)
