import torch

from kernels.torch.cv2_places import cv2_places


def cv2_linear_f32(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on float32, as it computes without IPP."""
    sh, sw = x.shape[0], x.shape[1]
    if sh == h and sw == w:
        return x.clone()
    if sh == 2 * h and sw == 2 * w:
        return halved_f32(x)
    image = x[:, :, None] if x.dim() == 2 else x
    left, f = cv2_places(sw, w, x)
    f = torch.where(left < 0, torch.zeros_like(f), f)[:, None]
    left = left.clamp(0, sw - 1)
    alone = (left == sw - 1)[:, None]  # a row ends with its last pixel alone
    top, g = cv2_places(sh, h, x)
    g = g[:, None, None]
    across = image.index_select(1, left)
    right = image.index_select(1, (left + 1).clamp(max=sw - 1))
    across = torch.where(alone, across, across * (1 - f) + right * f)
    total = across.index_select(0, top.clamp(0, sh - 1)) * (1 - g)
    total += across.index_select(0, (top + 1).clamp(0, sh - 1)) * g
    return total[:, :, 0] if x.dim() == 2 else total


def halved_f32(x: torch.Tensor) -> torch.Tensor:
    """The mean of each 2 x 2 block, added as OpenCV's vector code does, or its plain code."""
    a, b, c, d = x[::2, ::2], x[::2, 1::2], x[1::2, ::2], x[1::2, 1::2]
    channels = x.shape[2] if x.dim() == 3 else 1
    body = 0
    if channels == 1:
        body = a.shape[1] - a.shape[1] % 4
    if channels == 4:
        body = a.shape[1]
    total = ((a + b) + c) + d
    total[:, :body] = (a[:, :body] + b[:, :body]) + (c[:, :body] + d[:, :body])
    return total * 0.25
