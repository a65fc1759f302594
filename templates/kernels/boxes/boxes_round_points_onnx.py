from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor, constant

from .grid_points_onnx import grid_points


def boxes_round_points(
    distances: Tensor, h: int, w: int, strides: tuple[int, ...], offset: float, by_stride: bool
) -> Tensor:
    """Boxes f32[..., n, 4] by how far their four sides are from the places of grids."""
    places, stride = grid_points(h, w, strides)
    if by_stride:
        distances = distances * stride
    points = (places + constant(offset, "f32")) * stride
    return concat([points - part(distances, 0, 2, -1), points + part(distances, 2, 4, -1)], -1)
