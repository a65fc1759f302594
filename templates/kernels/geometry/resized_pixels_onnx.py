from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import ceil, maximum, ratio, real, square_root, where, whole

from .placement_onnx import Placement
from .resized_onnx import resized
from .rounded_as_onnx import rounded_as


def resized_pixels(h: Size, w: Size, multiple: int, fewest: int, most: int) -> Placement:
    """Each side the nearest multiple of a number; scaled until the area is within bounds."""
    near_h, near_w = (maximum(rounded_as(ratio(x, multiple), "half_even"), 1) for x in (h, w))
    area = near_h * near_w * multiple * multiple
    down, up = square_root(ratio(h * w, most)), square_root(ratio(fewest, h * w))
    to: list[Size] = []
    for side, near in ((h, near_h), (w, near_w)):
        less = maximum(whole(real(side) / down / multiple), 1)
        more = whole(ceil(real(side) * up / multiple))
        to.append(where(area > most, less, where(area < fewest, more, near)) * multiple)
    return resized(h, w, to[0], to[1])
