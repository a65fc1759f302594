import numpy as np

from kernels.boxes.cosine_sine_numpy import cosine_sine


@np.errstate(over="ignore", invalid="ignore", under="ignore")  # what a model gives may be anything
def polygon_corners(boxes: np.ndarray) -> np.ndarray:
    """The corners f32[..., 4, 2] of rotated boxes f32[..., 5]."""
    cx, cy, w, h, angle = np.moveaxis(boxes.astype(np.float64), -1, 0)
    cos, sin = cosine_sine(angle)
    w, h = 0.5 * w, 0.5 * h
    ax, ay, bx, by = w * cos, w * sin, -h * sin, h * cos
    xs = [cx + ax + bx, cx + ax - bx, cx - ax - bx, cx - ax + bx]
    ys = [cy + ay + by, cy + ay - by, cy - ay - by, cy - ay + by]
    return np.stack([np.stack(xs, -1), np.stack(ys, -1)], -1).astype(np.float32)
