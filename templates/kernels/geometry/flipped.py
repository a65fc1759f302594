from kernels.geometry.geometry import Geometry


def flipped(h: int, w: int, horizontal: bool) -> Geometry:
    """An h x w image mirrored left to right, or top to bottom."""
    if horizontal:
        return Geometry(h, w, h, w, h, -w, 0, w)
    return Geometry(h, w, h, w, -h, w, h, 0)
