import torch

from kernels.torch.cv2_area_pass import cv2_area_pass
from kernels.torch.cv2_area_places import cv2_area_places
from kernels.torch.halved import halved
from kernels.torch.interpolated import interpolated
from kernels.torch.weights_11_bit import weights_11_bit


def cv2_area(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_AREA on uint8."""
    sh, sw = x.shape[0], x.shape[1]
    if sh == h and sw == w:
        return x.clone()
    if h > sh or w > sw:
        top, g = cv2_area_places(sh, h, x)
        left, f = cv2_area_places(sw, w, x)
        b0, b1 = weights_11_bit(g)
        a0, a1 = weights_11_bit(f)
        return interpolated(x, (top, b0, b1), (left, a0, a1))
    if sh == 2 * h and sw == 2 * w:
        return halved(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        blocks = x.reshape(h, fy, w, fx, -1)
        total = blocks.sum([1, 3], dtype=torch.int32).to(torch.float32)
        mean = (total * (1 / (fy * fx))).round().to(torch.uint8)
        return mean.reshape([h, w] + list(x.shape[2:]))
    across = cv2_area_pass(x.to(torch.float32).transpose(0, 1), w).transpose(0, 1)
    down = cv2_area_pass(across, h)
    return down.round().clamp(0, 255).to(torch.uint8)
