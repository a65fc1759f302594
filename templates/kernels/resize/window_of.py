from kernels.geometry.placement import Placement


def window_of(part: Placement | None, h: int, w: int) -> tuple[int, int, int, int]:
    """The rows and columns to compute, each from and to: those of a crop, or all."""
    if part is None:
        return 0, h, 0, w
    return -part.top, part.h - part.top, -part.left, part.w - part.left
