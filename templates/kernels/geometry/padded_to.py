from kernels.geometry.anchored import anchored
from kernels.geometry.placement import Placement


def padded_to(h: int, w: int, to_h: int, to_w: int, anchor: str) -> Placement:
    """An h x w image inside one of a size that is given."""
    if h > to_h or w > to_w:
        raise ValueError(f"a {h} x {w} image is too large to pad it to {to_h} x {to_w}")
    return anchored(h, w, to_h, to_w, anchor)
