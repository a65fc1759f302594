import numpy as np

from kernels.geometry.placement import Placement


@np.errstate(over="ignore", invalid="ignore")  # what is given may be anything
def points_forward(points: np.ndarray, at: Placement) -> np.ndarray:
    """Points (x, y) of a step's input in the coordinates of its result."""
    content = np.array([at.content_w, at.content_h], np.float32)
    source = np.array([at.source_w, at.source_h], np.float32)
    moved = points * content / source + np.array([at.left, at.top], np.float32)
    return moved[..., ::-1] if at.transposed else moved
