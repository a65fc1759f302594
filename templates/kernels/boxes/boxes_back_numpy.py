import numpy as np

from kernels.geometry.placement import Placement


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_back(boxes: np.ndarray, at: Placement) -> np.ndarray:
    """Boxes (x1, y1, x2, y2) of a step's result in the coordinates of its input."""
    if at.transposed:
        boxes = boxes[..., [1, 0, 3, 2]]
    back = np.empty_like(boxes)
    for start, source, content, offset in (
        (0, at.source_w, at.content_w, at.left),
        (1, at.source_h, at.content_h, at.top),
    ):
        moved = (boxes[..., start::2] - np.float32(offset)) * np.float32(source)
        moved = moved / np.float32(content)
        back[..., start::2] = moved[..., ::-1] if content < 0 else moved
    return back
