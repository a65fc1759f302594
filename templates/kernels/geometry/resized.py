from kernels.geometry.placement import Placement


def resized(h: int, w: int, to_h: int, to_w: int) -> Placement:
    """The whole h x w image at another size."""
    if max(to_h, to_w) > 16384:  # refused before memory is taken for it
        raise ValueError(f"an image would become {to_h} x {to_w}, too large: 16384 a side")
    return Placement(to_h, to_w, h, w, to_h, to_w, 0, 0)
