from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Size, Tensor

from .boxes_clipped_onnx import limited


def points_clipped(points: Tensor, size: tuple[Size, Size]) -> Tensor:
    """Points (x, y) limited to images of this height and width."""
    real, (h, w) = points.cast("f64"), size
    x, y = limited(part(real, 0, 1, -1), w), limited(part(real, 1, 2, -1), h)
    return concat([x, y], -1).cast("f32")
