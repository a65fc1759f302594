import numpy as np

from kernels.geometry.placement import Placement


@np.errstate(over="ignore", invalid="ignore")
def flow_back(flow: np.ndarray, at: Placement) -> np.ndarray:
    """Vectors [xy=2, h, w] in pixels of a step's result in those of its input."""
    if at.transposed:
        flow = flow[::-1]
    source = np.array([at.source_w, at.source_h], np.float32)[:, None, None]
    content = np.array([at.content_w, at.content_h], np.float32)[:, None, None]
    return flow * source / content
