import numpy as np

from procdsl.codegen.onnx.axes import concat, part
from procdsl.codegen.onnx.graph import Tensor, constant

from .grid_points_onnx import grid_points


def boxes_round_points(
    distances: Tensor, h: int, w: int, strides: tuple[int, ...], offset: float, by_stride: bool
) -> Tensor:
    """Boxes f32[..., n, 4] by how far their four sides are from the places of grids."""
    x, y, stride = grid_points(h, w, strides).astype(np.float32)
    if by_stride:
        distances = distances * constant(stride[:, None], "f32")
    shift = np.float32(offset)
    points = constant(np.stack([(x + shift) * stride, (y + shift) * stride], axis=-1), "f32")
    return concat([points - part(distances, 0, 2, -1), points + part(distances, 2, 4, -1)], -1)
