from procdsl.codegen.onnx.axes import concat, part, swapped
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import exp

from .boxes_xyxy_onnx import boxes_xyxy
from .grid_points_onnx import grid_points


def boxes_on_grid(raw: Tensor, h: int, w: int, strides: tuple[int, ...]) -> Tensor:
    """Centres from places of grids, and logarithms of sizes, f32[..., 4, n], as [..., n, 4]."""
    places, stride = grid_points(h, w, strides)
    rows = swapped(raw, -2, -1)
    centre = (part(rows, 0, 2, -1) + places) * stride
    size = exp(part(rows, 2, 4, -1).cast("f64")).cast("f32") * stride
    return boxes_xyxy(concat([centre, size], -1), "cxcywh")
