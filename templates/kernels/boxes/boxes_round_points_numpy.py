import numpy as np

from kernels.boxes.grid_points_numpy import grid_points


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_round_points(
    distances: np.ndarray, h: int, w: int, strides: tuple[int, ...], offset: float, by_stride: bool
) -> np.ndarray:
    """Boxes f32[..., n, 4] by how far their four sides are from the places of grids."""
    x, y, stride = grid_points(h, w, strides)
    if by_stride:
        distances = distances * stride[:, None]
    shift = np.float32(offset)
    points = np.stack([(x + shift) * stride, (y + shift) * stride], axis=-1)
    return np.concatenate([points - distances[:, :2], points + distances[:, 2:]], axis=-1)
