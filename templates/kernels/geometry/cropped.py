from kernels.geometry.placement import Placement


def cropped(h: int, w: int, to_h: int, to_w: int, top: int, left: int) -> Placement:
    """The part of an h x w image that begins at row `top` and column `left`."""
    if top + to_h > h or left + to_w > w:
        raise ValueError(f"a {h} x {w} image is too small to crop {to_h} x {to_w} of it")
    return Placement(to_h, to_w, h, w, h, w, -top, -left)
