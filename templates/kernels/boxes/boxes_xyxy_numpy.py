import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_xyxy(raw: np.ndarray, box: str) -> np.ndarray:
    """Four rows of box numbers, f32[..., 4, n], as f32[..., n, 4] of (x1, y1, x2, y2)."""
    a, b, c, d = np.moveaxis(raw, -2, 0)
    if box == "cxcywh":
        half_w, half_h = c * np.float32(0.5), d * np.float32(0.5)
        return np.stack([a - half_w, b - half_h, a + half_w, b + half_h], axis=-1)
    if box == "xywh":
        return np.stack([a, b, a + c, b + d], axis=-1)
    return np.stack([a, b, c, d], axis=-1)
