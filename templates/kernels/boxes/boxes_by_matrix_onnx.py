from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.affine_back_onnx import meeting, numbers_of


def boxes_by_matrix(boxes: Tensor, matrix: Tensor) -> Tensor:
    """The upright boxes round boxes (x1, y1, x2, y2) where affine maps [n, 2, 3] put them.

    The middle is mapped, and half a side; in float64, rounded to float32 once.
    """
    a, b, c, d, e, f = (meeting(v, boxes.rank) for v in numbers_of(matrix))
    x1, y1, x2, y2 = (part(boxes, i, i + 1, -1).cast("f64") for i in range(4))
    x, y, w, h = (x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2
    across, down = abs(a) * w + abs(b) * h, abs(d) * w + abs(e) * h
    x, y = a * x + b * y + c, d * x + e * y + f
    return concat([x - across, y - down, x + across, y + down], -1).cast("f32")
