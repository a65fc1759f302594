from kernels.common.geometry import Geometry
from kernels.common.padded_to import padded_to


def padded_square(h: int, w: int, centered: bool) -> Geometry:
    """An h x w image padded to a square."""
    return padded_to(h, w, max(h, w), max(h, w), centered)
