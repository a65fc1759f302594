import math

import torch

from kernels.torch.convolved import convolved
from kernels.torch.cv2_places import cv2_places


def cv2_lanczos4(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_LANCZOS4."""
    if x.shape[0] == h and x.shape[1] == w:
        return x.clone()
    return convolved(x, cv2_lanczos4_taps(x.shape[0], h, x), cv2_lanczos4_taps(x.shape[1], w, x))


def cv2_lanczos4_taps(
    source: int, target: int, like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each target pixel eight source pixels and their weights."""
    left, f = cv2_places(source, target, like)
    start = -(f + 3).to(torch.float64) * math.pi * 0.25
    s = 0.70710678118654752440
    p = torch.tensor([1, -s, 0, s, -1, s, 0, -s], dtype=torch.float64, device=like.device)
    q = torch.tensor([0, -s, 1, -s, 0, s, -1, s], dtype=torch.float64, device=like.device)
    taps = torch.arange(8, device=like.device)
    distance = (f + 3)[:, None] - taps.to(torch.float32)
    y = -distance.to(torch.float64) * math.pi * 0.25
    near = distance.abs() < 1e-6
    sines = p * start.sin()[:, None] + q * start.cos()[:, None]
    far = sines / torch.where(near, torch.ones_like(y), y * y)
    weights = torch.where(near, torch.full_like(far, 1e30), far).to(torch.float32)
    total = weights[:, 0]
    for k in range(1, 8):
        total = total + weights[:, k]
    weights = weights * (1 / total)[:, None]
    return (left[:, None] + taps - 3).clamp(0, source - 1), weights
