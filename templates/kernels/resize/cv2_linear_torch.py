import torch

from kernels.geometry.placement import Placement
from kernels.graphs.open_sizes_torch import is_open
from kernels.resize.cv2_places_torch import cv2_places
from kernels.resize.halved_torch import halved
from kernels.resize.interpolated_torch import interpolated
from kernels.resize.interpolation_lines_torch import interpolation_tables, tables_of_columns
from kernels.resize.middles_torch import middles
from kernels.resize.weights_11_bit_torch import weights_11_bit, weights_of_columns
from kernels.resize.window_of import window_of
from kernels.runtime.remembered_torch import remembered


def cv2_linear(x: torch.Tensor, h: int, w: int, part: Placement | None = None) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on uint8, in its fixed point, or a part of its result."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    top, bottom, left, right = window_of(part, h, w)
    if not is_open([sh, sw, h, w]):  # these are shorter, and have the same bits
        down, across = 1 / (h / sh), 1 / (w / sw)
        if down % 2 == 1 and across % 2 == 1:  # every place is the middle of a pixel
            dy, dx = int(down), int(across)
            return middles(x[..., dy * top : dy * bottom, dx * left : dx * right, :], dy, dx)
        if sh == 2 * h and sw == 2 * w:
            return halved(x[..., 2 * top : 2 * bottom, 2 * left : 2 * right, :])
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_linear_tables(sh, sw, channels, h, w, x.device)
    else:
        tables = remembered(cv2_linear_tables, sh, sw, channels, h, w, x.device)
    if part is not None:
        tables = tables_of_columns(tables, channels, left, right)
    return interpolated(x, tables, top, bottom)


def cv2_linear_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `interpolated` takes them."""
    top, g = cv2_places(sh, h, device)
    left, f = cv2_places(sw, w, device)
    columns = weights_of_columns(sw, weights_11_bit(left, f))
    return interpolation_tables(sh, sw, channels, weights_11_bit(top, g), columns)
