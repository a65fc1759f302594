from kernels.common.geometry import Geometry
from kernels.common.half_even import half_even


def letterboxed(h: int, w: int, box_h: int, box_w: int, centered: bool, enlarge: bool) -> Geometry:
    """The image scaled into a box: content rounded half to even, the larger border below, right."""
    ratio = min(box_h / h, box_w / w)
    if not enlarge:
        ratio = min(ratio, 1.0)
    content_h, content_w = max(1, half_even(h * ratio)), max(1, half_even(w * ratio))
    top, left = 0, 0
    if centered:
        top, left = (box_h - content_h) // 2, (box_w - content_w) // 2
    return Geometry(box_h, box_w, h, w, content_h, content_w, top, left)
