from procdsl.codegen.onnx.graph import Size
from procdsl.codegen.onnx.operators import ratio, real, whole

from .cropped_onnx import cropped
from .placement_onnx import Placement


def cropped_fraction(h: Size, w: Size, fraction: float) -> Placement:
    """The middle of an h x w image, a fraction of each side."""
    top, left = (whole(ratio(real(side) - real(side) * fraction, 2)) for side in (h, w))
    return cropped(h, w, h - 2 * top, w - 2 * left, top, left)
