import torch

from kernels.torch.cv2_area_pass import cv2_area_pass
from kernels.torch.cv2_area_places import cv2_area_places
from kernels.torch.halved_f32 import halved_f32
from kernels.torch.interpolated_f32 import interpolated_f32


def cv2_area_f32(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_AREA on float32."""
    sh, sw = x.shape[0], x.shape[1]
    if sh == h and sw == w:
        return x.clone()
    if h > sh or w > sw:
        return interpolated_f32(x, cv2_area_places(sh, h, x), cv2_area_places(sw, w, x))
    if sh == 2 * h and sw == 2 * w:
        return halved_f32(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        parts: list[torch.Tensor] = []
        for i in range(fy):
            for j in range(fx):
                parts.append(x[i::fy, j::fx])
        total = torch.zeros_like(parts[0])
        whole = len(parts) - len(parts) % 4
        for k in range(0, whole, 4):  # added by fours, as OpenCV does
            total += ((parts[k] + parts[k + 1]) + parts[k + 2]) + parts[k + 3]
        for k in range(whole, len(parts)):
            total += parts[k]
        return total * (1 / len(parts))
    across = cv2_area_pass(x.transpose(0, 1), w).transpose(0, 1)
    across += 0.0  # OpenCV adds to a zero, which leaves no -0.0
    return cv2_area_pass(across, h)
