import numpy as np

from kernels.boxes.points_forward_numpy import points_forward
from kernels.geometry.placement import Placement


def boxes_forward(boxes: np.ndarray, at: Placement) -> np.ndarray:
    """Boxes (x1, y1, x2, y2) of a step's input in the coordinates of its result."""
    corners = points_forward(boxes.reshape(*boxes.shape[:-1], 2, 2), at)
    mirrored = np.array([at.content_w < 0, at.content_h < 0])
    mirrored = mirrored[::-1] if at.transposed else mirrored
    corners = np.where(mirrored, corners[..., ::-1, :], corners)
    return corners.reshape(boxes.shape)
