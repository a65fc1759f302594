from procdsl.codegen.onnx.axes import flip
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.placement_onnx import Placement
from .points_forward_onnx import forward
from .sides_onnx import of_sides, sides


def boxes_forward(boxes: Tensor, at: Placement) -> Tensor:
    """Boxes (x1, y1, x2, y2) of a step's input in the coordinates of its result."""
    x, y = sides(boxes)
    x = forward(x, at.source_w, at.content_w, at.left)
    y = forward(y, at.source_h, at.content_h, at.top)
    x = flip(x, -1) if at.flipped_w else x
    y = flip(y, -1) if at.flipped_h else y
    return of_sides(y, x) if at.transposed else of_sides(x, y)
