from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor

from ..geometry.affine_back_onnx import meeting, numbers_of


def points_by_matrix(points: Tensor, matrix: Tensor) -> Tensor:
    """Points (x, y) where affine maps [n, 2, 3] put them, in float64, rounded to float32 once."""
    a, b, c, d, e, f = (meeting(v, points.rank) for v in numbers_of(matrix))
    x, y = (part(points, i, i + 1, -1).cast("f64") for i in (0, 1))
    return concat([a * x + b * y + c, d * x + e * y + f], -1).cast("f32")
