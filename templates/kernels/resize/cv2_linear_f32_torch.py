import torch

from kernels.geometry.placement import Placement
from kernels.graphs.open_sizes_torch import is_open
from kernels.graphs.some_of_axis_torch import some_of_axis
from kernels.graphs.where_sizes_torch import corner, where_sizes
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
    open_ = is_open([sh, sw, h, w])
    if not open_ and sh == h and sw == w:
        return x[..., top:bottom, left:right, :].clone()
    if not open_ and sh == 2 * h and sw == 2 * w:
        return halved_f32(x)[..., top:bottom, left:right, :]
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_linear_f32_tables(sh, sw, channels, h, w, x.device)
    else:
        tables = remembered(cv2_linear_f32_tables, sh, sw, channels, h, w, x.device)
    found = interpolated_f32(x, tables, window)
    if not open_:
        return found
    half = windowed_pixels(halved_f32(corner(x, 2 * h, 2 * w)), window)
    found = where_sizes(x, 2 * h, 2 * w, half, found)
    return where_sizes(x, h, w, windowed_pixels(corner(x, h, w), window), found)


def windowed_pixels(x: torch.Tensor, window: tuple[int, int, int, int]) -> torch.Tensor:
    """Rows and columns (from, to; from, to) of images [..., h, w, c]."""
    top, bottom, left, right = window
    return some_of_axis(some_of_axis(x, -3, top, bottom), -2, left, right)


def cv2_linear_f32_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `interpolated_f32` takes them."""
    rows, columns = cv2_places(sh, h, device), cv2_places(sw, w, device)
    return interpolation_tables_f32(sh, sw, channels, rows, columns)
