import torch

from kernels.torch.cv2_places import cv2_places
from kernels.torch.halved import halved
from kernels.torch.interpolated import interpolated
from kernels.torch.interpolation_lines import interpolation_tables
from kernels.torch.middles import middles
from kernels.torch.remembered import remembered
from kernels.torch.weights_11_bit import weights_11_bit, weights_of_columns


def cv2_linear(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on uint8, in its fixed point."""
    sh, sw, channels = x.shape[0], x.shape[1], x.shape[2] if x.dim() == 3 else 1
    down, across = 1 / (h / sh), 1 / (w / sw)
    if down % 2 == 1 and across % 2 == 1:  # every place is the middle of a pixel
        return middles(x, int(down), int(across))
    if sh == 2 * h and sw == 2 * w:
        return halved(x)
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_linear_tables(sh, sw, channels, h, w, x.device)
    else:
        tables = remembered(cv2_linear_tables, sh, sw, channels, h, w, x.device)
    return interpolated(x, tables)


def cv2_linear_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `interpolated` takes them."""
    top, g = cv2_places(sh, h, device)
    left, f = cv2_places(sw, w, device)
    columns = weights_of_columns(sw, weights_11_bit(left, f))
    return interpolation_tables(sh, sw, channels, weights_11_bit(top, g), columns)
