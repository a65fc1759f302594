from procdsl.codegen.onnx.axes import flip
from procdsl.codegen.onnx.graph import Size, Tensor

from ..geometry.for_samples_onnx import for_samples
from ..geometry.placement_onnx import Placement
from .sides_onnx import of_sides, sides


def boxes_back(boxes: Tensor, at: Placement) -> Tensor:
    """Boxes (x1, y1, x2, y2) of a step's result in the coordinates of its input."""
    x, y = reversed(sides(boxes)) if at.transposed else sides(boxes)
    x = back(x, at.source_w, at.content_w, at.left)
    y = back(y, at.source_h, at.content_h, at.top)
    return of_sides(flip(x, -1) if at.flipped_w else x, flip(y, -1) if at.flipped_h else y)


def back(v: Tensor, source: Size, content: Size, offset: Size) -> Tensor:
    """The way back along one axis."""
    return (v - for_samples(offset, v)) * for_samples(source, v) / for_samples(content, v)
