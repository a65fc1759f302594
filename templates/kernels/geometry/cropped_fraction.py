from kernels.geometry.cropped import cropped
from kernels.geometry.placement import Placement


def cropped_fraction(h: int, w: int, fraction: float) -> Placement:
    """The middle of an h x w image, a fraction of each side."""
    top, left = int((h - h * fraction) / 2), int((w - w * fraction) / 2)
    return cropped(h, w, h - 2 * top, w - 2 * left, top, left)
