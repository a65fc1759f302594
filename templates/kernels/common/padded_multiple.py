from kernels.common.geometry import Geometry
from kernels.common.padded_to import padded_to


def padded_multiple(h: int, w: int, multiple: int, centered: bool) -> Geometry:
    """An h x w image padded up to multiples of a number."""
    return padded_to(h, w, -(-h // multiple) * multiple, -(-w // multiple) * multiple, centered)
