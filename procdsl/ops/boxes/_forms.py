"""The forms of boxes, in plain numpy: corners of another form, and another form of corners."""

from __future__ import annotations

from procdsl.lazy import np


def corners_of(boxes: np.ndarray, form: str) -> np.ndarray:
    """The boxes as corners (x1, y1, x2, y2)."""
    a, b, c, d = np.moveaxis(boxes, -1, 0)
    if form == "cxcywh":
        half_w, half_h = c * np.float32(0.5), d * np.float32(0.5)
        corners = [a - half_w, b - half_h, a + half_w, b + half_h]
    elif form == "xywh":
        corners = [a, b, a + c, b + d]
    else:
        corners = [b, a, d, c] if form == "yxyx" else [a, b, c, d]
    return np.stack(corners, axis=-1)


def in_form(corners: np.ndarray, form: str) -> np.ndarray:
    """Corners (x1, y1, x2, y2) in another form."""
    x1, y1, x2, y2 = np.moveaxis(corners, -1, 0)
    w, h = x2 - x1, y2 - y1
    if form == "cxcywh":
        half = np.float32(0.5)
        return np.stack([(x1 + x2) * half, (y1 + y2) * half, w, h], axis=-1)
    if form == "xywh":
        return np.stack([x1, y1, w, h], axis=-1)
    return np.stack([y1, x1, y2, x2] if form == "yxyx" else [x1, y1, x2, y2], axis=-1)
