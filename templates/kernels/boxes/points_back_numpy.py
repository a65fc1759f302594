import numpy as np

from kernels.geometry.placement import Placement


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def points_back(points: np.ndarray, at: Placement) -> np.ndarray:
    """Points (x, y) of a step's result in the coordinates of its input."""
    if at.transposed:
        points = points[..., ::-1]
    offset = np.array([at.left, at.top], np.float32)
    source = np.array([at.source_w, at.source_h], np.float32)
    return (points - offset) * source / np.array([at.content_w, at.content_h], np.float32)
