from kernels.common.geometry import Geometry


def resized(h: int, w: int, to_h: int, to_w: int) -> Geometry:
    """The whole h x w image at another size."""
    return Geometry(to_h, to_w, h, w, to_h, to_w, 0, 0)
