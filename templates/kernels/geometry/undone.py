from kernels.geometry.placement import Placement


def undone(at: Placement) -> Placement:
    """Where the picture with its border lies in the picture without it."""
    return Placement(at.content_h, at.content_w, at.h, at.w, at.h, at.w, -at.top, -at.left)
