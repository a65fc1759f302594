from kernels.geometry.placement import Placement


def transposed(h: int, w: int) -> Placement:
    """An h x w image with its rows as columns."""
    return Placement(w, h, h, w, h, w, 0, 0, True)
