import torch

from kernels.geometry.placement import Placement
from kernels.resize.cv2_places_torch import cv2_places
from kernels.resize.halved_f32_torch import halved_f32
from kernels.resize.interpolated_f32_torch import interpolated_f32, interpolation_tables_f32
from kernels.resize.window_of import window_of
from kernels.runtime.remembered_torch import remembered


def cv2_linear_f32(x: torch.Tensor, h: int, w: int, part: Placement | None = None) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on float32, as it computes without IPP, or a part of its result."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    window = window_of(part, h, w)
    top, bottom, left, right = window
    if sh == h and sw == w:
        return x[..., top:bottom, left:right, :].clone()
    if sh == 2 * h and sw == 2 * w:
        return halved_f32(x)[..., top:bottom, left:right, :]
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_linear_f32_tables(sh, sw, channels, h, w, x.device)
    else:
        tables = remembered(cv2_linear_f32_tables, sh, sw, channels, h, w, x.device)
    return interpolated_f32(x, tables, window)


def cv2_linear_f32_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `interpolated_f32` takes them."""
    rows, columns = cv2_places(sh, h, device), cv2_places(sw, w, device)
    return interpolation_tables_f32(sh, sw, channels, rows, columns)
