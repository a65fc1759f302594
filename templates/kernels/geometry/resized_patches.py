import math

from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized


def resized_patches(h: int, w: int, patch: int, most: int, rounding: str) -> Placement:
    """Sides of whole patches, as large as a number of patches allows."""
    if rounding == "floor":
        scale = math.sqrt(most * (patch / h) * (patch / w))
        rows = max(min(int(scale * h / patch), most), 1)
        columns = max(min(int(scale * w / patch), most), 1)
        return resized(h, w, rows * patch, columns * patch)
    low, high = 1e-5 / 10, 100.0
    while high - low >= 1e-5:
        scale = (low + high) / 2
        if patches_along(h * scale, patch) * patches_along(w * scale, patch) <= most:
            low = scale
        else:
            high = scale
    return resized(
        h, w, patches_along(h * low, patch) * patch, patches_along(w * low, patch) * patch
    )


def patches_along(side: float, patch: int) -> int:
    """How many patches hold a side."""
    return max(1, math.ceil(side / patch))
