from kernels.geometry.placement import Placement


def padded(h: int, w: int, top: int, left: int, bottom: int, right: int) -> Placement:
    """An h x w image with a border."""
    to_h, to_w = top + h + bottom, left + w + right
    if max(to_h, to_w) > 16384:
        raise ValueError(f"an image would become {to_h} x {to_w}, too large: 16384 a side")
    return Placement(to_h, to_w, h, w, h, w, top, left)
