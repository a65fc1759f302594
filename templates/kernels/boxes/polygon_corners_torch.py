import torch

from kernels.boxes.cosine_sine_torch import cosine_sine


def polygon_corners(boxes: torch.Tensor) -> torch.Tensor:
    """The corners f32[..., 4, 2] of rotated boxes f32[..., 5]."""
    cx, cy, w, h, angle = boxes.to(torch.float64).unbind(-1)
    cos, sin = cosine_sine(angle)
    w, h = 0.5 * w, 0.5 * h
    ax, ay, bx, by = w * cos, w * sin, -h * sin, h * cos
    xs = [cx + ax + bx, cx + ax - bx, cx - ax - bx, cx - ax + bx]
    ys = [cy + ay + by, cy + ay - by, cy - ay - by, cy - ay + by]
    corners = torch.stack([torch.stack(xs, dim=-1), torch.stack(ys, dim=-1)], dim=-1)
    return corners.to(torch.float32)
