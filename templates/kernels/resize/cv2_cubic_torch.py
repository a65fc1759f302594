import torch

from kernels.graphs.open_sizes_torch import is_open
from kernels.graphs.where_sizes_torch import corner, where_sizes
from kernels.resize.convolved_torch import convolution_tables, convolved
from kernels.resize.cv2_places_torch import cv2_places
from kernels.runtime.remembered_torch import remembered


def cv2_cubic(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_CUBIC, as it computes without IPP."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    open_ = is_open([sh, sw, h, w])
    if not open_ and sh == h and sw == w:
        return x.clone()
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_cubic_tables(sh, sw, channels, h, w, x.dtype, x.device)
    else:
        tables = remembered(cv2_cubic_tables, sh, sw, channels, h, w, x.dtype, x.device)
    found = convolved(x, tables)
    return where_sizes(x, h, w, corner(x, h, w), found) if open_ else found


def cv2_cubic_tables(
    sh: int, sw: int, channels: int, h: int, w: int, dtype: torch.dtype, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `convolved` takes them."""
    rows, columns = cv2_cubic_taps(sh, h, device), cv2_cubic_taps(sw, w, device)
    return convolution_tables(rows, columns, channels, dtype)


def cv2_cubic_taps(
    source: int, target: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each target pixel four source pixels and their weights."""
    left, f = cv2_places(source, target, device)
    g, r = f + 1, 1 - f
    first = ((-0.75 * g + 3.75) * g - 6) * g + 3
    second = (1.25 * f - 2.25) * f * f + 1
    third = (1.25 * r - 2.25) * r * r + 1
    weights = torch.stack([first, second, third, 1 - first - second - third], dim=1)
    spread = torch.arange(-1, 3, device=device)
    return (left[:, None] + spread).clamp(0, source - 1), weights
