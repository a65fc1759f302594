import torch

from kernels.torch.convolved import convolved
from kernels.torch.cv2_places import cv2_places


def cv2_cubic(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_CUBIC, as it computes without IPP."""
    if x.shape[0] == h and x.shape[1] == w:
        return x.clone()
    return convolved(x, cv2_cubic_taps(x.shape[0], h, x), cv2_cubic_taps(x.shape[1], w, x))


def cv2_cubic_taps(
    source: int, target: int, like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each target pixel four source pixels and their weights."""
    left, f = cv2_places(source, target, like)
    g, r = f + 1, 1 - f
    first = ((-0.75 * g + 3.75) * g - 6) * g + 3
    second = (1.25 * f - 2.25) * f * f + 1
    third = (1.25 * r - 2.25) * r * r + 1
    weights = torch.stack([first, second, third, 1 - first - second - third], dim=1)
    spread = torch.arange(-1, 3, device=like.device)
    return (left[:, None] + spread).clamp(0, source - 1), weights
