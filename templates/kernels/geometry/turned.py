from kernels.geometry.geometry import Geometry


def turned(h: int, w: int, quarters: int) -> Geometry:
    """An h x w image turned counterclockwise by right angles."""
    if quarters == 2:
        return Geometry(h, w, h, w, -h, -w, h, w)
    if quarters == 1:
        return Geometry(w, h, h, w, h, -w, 0, w, True)
    return Geometry(w, h, h, w, -h, w, h, 0, True)
