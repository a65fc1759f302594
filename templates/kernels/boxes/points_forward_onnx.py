from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Size, Tensor

from ..geometry.for_samples_onnx import for_samples
from ..geometry.placement_onnx import Placement


def points_forward(points: Tensor, at: Placement) -> Tensor:
    """Points (x, y) of a step's input in the coordinates of its result."""
    x, y = part(points, 0, 1, -1), part(points, 1, 2, -1)
    x = forward(x, at.source_w, at.content_w, at.left)
    y = forward(y, at.source_h, at.content_h, at.top)
    return concat([y, x] if at.transposed else [x, y], -1)


def forward(v: Tensor, source: Size, content: Size, offset: Size) -> Tensor:
    """The way along one axis."""
    return v * for_samples(content, v) / for_samples(source, v) + for_samples(offset, v)
