from procdsl.codegen.onnx.axes import part
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import maximum

from ..geometry.placement_onnx import Placement
from .place_onnx import place


def crop_filled(x: Tensor, at: Placement, fill: Tensor) -> Tensor:
    """The part of images [..., h, w, c] that `at` keeps, on a ground of `fill`."""
    top, left = maximum(at.top, 0), maximum(at.left, 0)
    rows = part(x, maximum(-at.top, 0), -at.top + at.h, -3)
    kept = part(rows, maximum(-at.left, 0), -at.left + at.w, -2)
    return place(kept, at._replace(top=top, left=left), fill)
