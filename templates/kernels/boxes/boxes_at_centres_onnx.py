from procdsl.codegen.onnx.axes import KEPT, concat, part, reshape, swapped
from procdsl.codegen.onnx.graph import Tensor

from .boxes_xyxy_onnx import boxes_xyxy
from .grid_points_onnx import grid_points


def boxes_at_centres(sizes: Tensor, offsets: Tensor, h: int, w: int, stride: int) -> Tensor:
    """Boxes [..., n, 4] of a grid by their sizes and the offsets of centres, [..., 2, h, w]."""
    rows = concat([offsets, sizes], -3)
    rows = swapped(reshape(rows, [*[KEPT] * (rows.rank - 2), h * w]), -2, -1)
    places, _ = grid_points(h, w, (1,))
    boxes = concat([part(rows, 0, 2, -1) + places, part(rows, 2, 4, -1)], -1)
    return boxes_xyxy(boxes, "cxcywh") * float(stride)
