from kernels.geometry.anchored import anchored
from kernels.geometry.placement import Placement


def padded_multiple(h: int, w: int, multiple: int, anchor: str, always: bool = False) -> Placement:
    """An h x w image padded up to multiples of a number; with `always`, beyond what is one."""
    if always:
        to_h, to_w = (h // multiple + 1) * multiple, (w // multiple + 1) * multiple
        return anchored(h, w, to_h, to_w, anchor)
    return anchored(h, w, -(-h // multiple) * multiple, -(-w // multiple) * multiple, anchor)
