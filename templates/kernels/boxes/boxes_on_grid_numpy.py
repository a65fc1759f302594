import numpy as np

from kernels.boxes.boxes_xyxy_numpy import boxes_xyxy
from kernels.boxes.grid_points_numpy import grid_points


@np.errstate(over="ignore", invalid="ignore", under="ignore")  # what a model gives may be anything
def boxes_on_grid(raw: np.ndarray, h: int, w: int, strides: tuple[int, ...]) -> np.ndarray:
    """Centres from places of grids, and logarithms of sizes, f32[4, n], as corners f32[n, 4]."""
    x, y, stride = grid_points(h, w, strides)
    size = np.exp(raw[2:4].astype(np.float64)).astype(np.float32) * stride
    boxes = np.stack([(raw[0] + x) * stride, (raw[1] + y) * stride, size[0], size[1]], axis=-1)
    return boxes_xyxy(boxes, "cxcywh")
