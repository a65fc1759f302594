from procdsl.codegen.onnx.axes import KEPT, concat, part, reshape, swapped, unsqueeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import exp

from ..scores.sigmoid_onnx import sigmoid
from .boxes_xyxy_onnx import boxes_xyxy
from .grid_points_onnx import grid_points


def yolo_grid(
    raw: Tensor,
    anchors: Tensor,
    features: int,
    h: int,
    w: int,
    stride: int,
    scale: float,
    shift: float,
    squared: bool,
) -> tuple[Tensor, Tensor]:
    """Boxes [..., n, 4] and scores [..., n, class] of f32[..., anchors * features, h, w]."""
    leading = [KEPT] * (raw.rank - 3)
    count, n = anchors.shape[0] or 0, h * w
    rows = swapped(reshape(raw, [*leading, count, features, n]), -2, -1)
    places, _ = grid_points(h, w, (1,))
    centre = (sigmoid(part(rows, 0, 2, -1)) * scale + (places - shift)) * float(stride)
    sides = part(rows, 2, 4, -1)
    if squared:
        twice = sigmoid(sides) * 2.0
        size = twice * twice
    else:
        size = exp(sides.cast("f64")).cast("f32")
    boxes = concat([centre, size * unsqueeze(anchors, 1)], -1)
    scores = sigmoid(part(rows, 4, 5, -1)) * sigmoid(part(rows, 5, features, -1))
    return (
        boxes_xyxy(reshape(boxes, [*leading, count * n, 4]), "cxcywh"),
        reshape(scores, [*leading, count * n, features - 5]),
    )
