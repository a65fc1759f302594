import torch

from kernels.common.geometry import Geometry
from kernels.common.window_of import window_of
from kernels.torch.cv2_places import cv2_places
from kernels.torch.halved_f32 import halved_f32
from kernels.torch.interpolated_f32 import interpolated_f32, interpolation_tables_f32
from kernels.torch.remembered import remembered


def cv2_linear_f32(x: torch.Tensor, h: int, w: int, part: Geometry | None = None) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on float32, as it computes without IPP, or a part of its result."""
    sh, sw = x.shape[0], x.shape[1]
    window = window_of(part, h, w)
    top, bottom, left, right = window
    if sh == h and sw == w:
        return x[top:bottom, left:right].clone()
    if sh == 2 * h and sw == 2 * w:
        return halved_f32(x)[top:bottom, left:right]
    channels = x.shape[2] if x.dim() == 3 else 1
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
