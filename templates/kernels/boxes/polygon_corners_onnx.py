from procdsl.codegen.onnx.axes import one, stack
from procdsl.codegen.onnx.graph import Tensor

from .cosine_sine_onnx import cosine_sine


def polygon_corners(boxes: Tensor) -> Tensor:
    """The corners f32[..., 4, 2] of rotated boxes f32[..., 5]."""
    cx, cy, w, h, angle = (one(boxes.cast("f64"), at, -1) for at in range(5))
    cos, sin = cosine_sine(angle)
    w, h = w * 0.5, h * 0.5
    ax, ay, bx, by = w * cos, w * sin, -h * sin, h * cos
    xs = [cx + ax + bx, cx + ax - bx, cx - ax - bx, cx - ax + bx]
    ys = [cy + ay + by, cy + ay - by, cy - ay - by, cy - ay + by]
    return stack([stack(xs, -1), stack(ys, -1)], -1).cast("f32")
