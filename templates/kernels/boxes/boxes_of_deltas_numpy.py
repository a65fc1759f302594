import numpy as np

from kernels.boxes.boxes_xyxy_numpy import boxes_xyxy


@np.errstate(over="ignore", invalid="ignore", under="ignore")  # what a model gives may be anything
def boxes_of_deltas(
    deltas: np.ndarray,
    anchors: np.ndarray,
    by: tuple[float, ...],
    divided: bool,
    most: float | None,
    corners: bool,
) -> np.ndarray:
    """Anchors f32[..., 4] moved and grown, as corners; `by` scales what is said of them."""
    scale = np.array(by, np.float32)
    deltas = deltas / scale if divided else deltas * scale
    place, size = anchors[..., :2], anchors[..., 2:]
    if corners:
        size = size - place
        place = place + np.float32(0.5) * size
    growth = deltas[..., 2:]
    if most is not None:
        growth = np.minimum(growth, np.float32(most))
    grown = np.exp(growth.astype(np.float64)).astype(np.float32) * size
    boxes = np.concatenate([deltas[..., :2] * size + place, grown], axis=-1)
    return boxes_xyxy(boxes, "cxcywh")
