import numpy as np


@np.errstate(over="ignore", invalid="ignore")  # what a model gives may be anything
def boxes_xyxy(boxes: np.ndarray, form: str) -> np.ndarray:
    """Boxes f32[..., 4] of another form as corners (x1, y1, x2, y2), laid out in memory as they."""
    found = np.empty_like(boxes)
    a, b, c, d = (boxes[..., i] for i in range(4))
    x1, y1, x2, y2 = (found[..., i] for i in range(4))
    if form == "cxcywh":
        half_w, half_h = c * np.float32(0.5), d * np.float32(0.5)
        np.subtract(a, half_w, out=x1)
        np.subtract(b, half_h, out=y1)
        np.add(a, half_w, out=x2)
        np.add(b, half_h, out=y2)
    elif form == "xywh":
        x1[...], y1[...] = a, b
        np.add(a, c, out=x2)
        np.add(b, d, out=y2)
    elif form == "yxyx":
        x1[...], y1[...], x2[...], y2[...] = b, a, d, c
    else:
        found[...] = boxes
    return found
