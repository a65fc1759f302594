import torch

from kernels.graphs.open_sizes_torch import refuse_open
from kernels.resize.cv2_area_places_torch import cv2_area_places
from kernels.resize.cv2_area_reduced_torch import cv2_area_reduced
from kernels.resize.halved_f32_torch import halved_f32
from kernels.resize.interpolated_f32_torch import interpolated_f32, interpolation_tables_f32
from kernels.runtime.remembered_torch import remembered


def cv2_area_f32(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_AREA on float32."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    refuse_open("cv2.area", [sh, sw, h, w])
    if sh == h and sw == w:
        return x.clone()
    if h > sh or w > sw:
        if torch.jit.is_scripting() or torch.compiler.is_compiling():
            tables = cv2_area_f32_tables(sh, sw, channels, h, w, x.device)
        else:
            tables = remembered(cv2_area_f32_tables, sh, sw, channels, h, w, x.device)
        return interpolated_f32(x, tables, (0, h, 0, w))
    if sh == 2 * h and sw == 2 * w:
        return halved_f32(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        parts: list[torch.Tensor] = []
        for i in range(fy):
            for j in range(fx):
                parts.append(x[..., i::fy, j::fx, :])
        total = torch.zeros_like(parts[0])
        whole = len(parts) - len(parts) % 4
        for k in range(0, whole, 4):  # added by fours, as OpenCV does
            total += ((parts[k] + parts[k + 1]) + parts[k + 2]) + parts[k + 3]
        for k in range(whole, len(parts)):
            total += parts[k]
        return total * (1 / len(parts))
    return cv2_area_reduced(x, h, w)


def cv2_area_f32_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """For an enlargement source indices and weights, as `interpolated_f32` takes them."""
    rows, columns = cv2_area_places(sh, h, device), cv2_area_places(sw, w, device)
    return interpolation_tables_f32(sh, sw, channels, rows, columns)
