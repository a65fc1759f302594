import numpy as np

from kernels.boxes.boxes_xyxy_numpy import boxes_xyxy
from kernels.boxes.grid_points_numpy import grid_points
from kernels.scores.sigmoid_numpy import sigmoid


@np.errstate(over="ignore", invalid="ignore", under="ignore")  # what a model gives may be anything
def yolo_grid(
    raw: np.ndarray,
    anchors: np.ndarray,
    features: int,
    h: int,
    w: int,
    stride: int,
    scale: float,
    shift: float,
    squared: bool,
) -> tuple[np.ndarray, np.ndarray]:
    """Boxes [..., n, 4] and scores [..., n, class] of f32[..., anchors * features, h, w]."""
    leading = raw.shape[:-3]
    rows = raw.reshape(*leading, len(anchors), features, h * w).swapaxes(-1, -2)
    places = grid_points(h, w, (1,))[:2].T - np.float32(shift)
    centre = (sigmoid(rows[..., :2]) * np.float32(scale) + places) * np.float32(stride)
    if squared:
        size = sigmoid(rows[..., 2:4]) * np.float32(2)
        size = size * size
    else:
        size = np.exp(rows[..., 2:4].astype(np.float64)).astype(np.float32)
    boxes = np.concatenate([centre, size * anchors[:, None]], axis=-1)
    scores = sigmoid(rows[..., 4:5]) * sigmoid(rows[..., 5:])
    n = len(anchors) * h * w
    boxes = boxes_xyxy(boxes.reshape(*leading, n, 4), "cxcywh")
    return boxes, scores.reshape(*leading, n, features - 5)
