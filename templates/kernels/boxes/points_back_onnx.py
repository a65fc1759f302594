from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.placement_onnx import Placement
from .boxes_back_onnx import back


def points_back(points: Tensor, at: Placement) -> Tensor:
    """Points (x, y) of a step's result in the coordinates of its input."""
    x, y = part(points, 0, 1, -1), part(points, 1, 2, -1)
    if at.transposed:
        x, y = y, x
    x = back(x, at.source_w, at.content_w, at.left)
    return concat([x, back(y, at.source_h, at.content_h, at.top)], -1)
