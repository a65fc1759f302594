import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_xyxy(boxes: np.ndarray, form: str) -> np.ndarray:
    """Boxes f32[..., 4] of another form as corners (x1, y1, x2, y2)."""
    a, b, c, d = np.moveaxis(boxes, -1, 0)
    if form == "cxcywh":
        half_w, half_h = c * np.float32(0.5), d * np.float32(0.5)
        return np.stack([a - half_w, b - half_h, a + half_w, b + half_h], axis=-1)
    if form == "xywh":
        return np.stack([a, b, a + c, b + d], axis=-1)
    if form == "yxyx":
        return np.stack([b, a, d, c], axis=-1)
    return np.stack([a, b, c, d], axis=-1)
