from kernels.common.geometry import Geometry


def padded(h: int, w: int, top: int, left: int, bottom: int, right: int) -> Geometry:
    """An h x w image with a border."""
    return Geometry(top + h + bottom, left + w + right, h, w, h, w, top, left)
