from kernels.geometry.geometry import Geometry


def transposed(h: int, w: int) -> Geometry:
    """An h x w image with its rows as columns."""
    return Geometry(w, h, h, w, h, w, 0, 0, True)
