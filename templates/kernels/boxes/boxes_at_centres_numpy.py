import numpy as np

from kernels.boxes.boxes_xyxy_numpy import boxes_xyxy
from kernels.boxes.grid_points_numpy import grid_points


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_at_centres(
    sizes: np.ndarray, offsets: np.ndarray, h: int, w: int, stride: int
) -> np.ndarray:
    """Boxes [..., n, 4] of a grid by their sizes and the offsets of centres, [..., 2, h, w]."""
    rows = np.concatenate([offsets, sizes], axis=-3)
    rows = rows.reshape(*rows.shape[:-2], h * w).swapaxes(-1, -2)
    places = grid_points(h, w, (1,))[:2].T
    boxes = np.concatenate([places + rows[..., :2], rows[..., 2:]], axis=-1)
    return boxes_xyxy(boxes, "cxcywh") * np.float32(stride)
