from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import where

from ..geometry.for_samples_onnx import for_samples
from .sides_onnx import of_sides, sides


def boxes_clipped(boxes: Tensor, size: tuple[Size, Size]) -> Tensor:
    """Boxes (x1, y1, x2, y2) limited to images of this height and width."""
    (x, y), (h, w) = sides(boxes.cast("f64")), size
    return of_sides(limited(x, w), limited(y, h)).cast("f32")


def limited(v: Tensor, size: Size) -> Tensor:
    """From 0 to the size of each sample; NaN stays."""
    high = for_samples(size, v)
    v = where(v < 0, 0, v)
    return where(v > high, high, v)
