from kernels.geometry.half_even import half_even
from kernels.geometry.placement import Placement
from kernels.geometry.resized import resized


def resized_fit(h: int, w: int, box_h: int, box_w: int) -> Placement:
    """The largest size inside a box, the free side rounded half to even."""
    if w / h > box_w / box_h:
        return resized(h, w, max(1, half_even(h / w * box_w)), box_w)
    return resized(h, w, box_h, max(1, half_even(w / h * box_h)))
