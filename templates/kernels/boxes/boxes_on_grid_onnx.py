from procdsl.codegen.onnx.axes import concat, part, swapped
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import exp

from .boxes_xyxy_onnx import boxes_xyxy
from .grid_points_onnx import grid_points


def boxes_on_grid(raw: Tensor, h: int, w: int, strides: tuple[int, ...]) -> Tensor:
    """Centres from places of grids, and logarithms of sizes, f32[..., 4, n], as [..., n, 4]."""
    points = grid_points(h, w, strides)
    places, stride = constant(points[:2], "f32"), constant(points[2:], "f32")
    centre = (part(raw, 0, 2, -2) + places) * stride
    size = exp(part(raw, 2, 4, -2).cast("f64")).cast("f32") * stride
    return boxes_xyxy(swapped(concat([centre, size], -2), -2, -1), "cxcywh")
