import math

import torch

from kernels.graphs.exact_number_torch import exact_number
from kernels.graphs.open_sizes_torch import is_open
from kernels.graphs.where_sizes_torch import corner, where_sizes
from kernels.resize.convolved_torch import convolution_tables, convolved
from kernels.resize.cv2_places_torch import cv2_places
from kernels.runtime.remembered_torch import remembered


def cv2_lanczos4(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_LANCZOS4."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    open_ = is_open([sh, sw, h, w])
    if not open_ and sh == h and sw == w:
        return x.clone()
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_lanczos4_tables(sh, sw, channels, h, w, x.dtype, x.device)
    else:
        tables = remembered(cv2_lanczos4_tables, sh, sw, channels, h, w, x.dtype, x.device)
    found = convolved(x, tables)
    return where_sizes(x, h, w, corner(x, h, w), found) if open_ else found


def cv2_lanczos4_tables(
    sh: int, sw: int, channels: int, h: int, w: int, dtype: torch.dtype, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `convolved` takes them."""
    rows, columns = cv2_lanczos4_taps(sh, h, device), cv2_lanczos4_taps(sw, w, device)
    return convolution_tables(rows, columns, channels, dtype)


def cv2_lanczos4_taps(
    source: int, target: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each target pixel eight source pixels and their weights."""
    left, f = cv2_places(source, target, device)
    pi = exact_number(math.pi, device)
    start = -(f + 3).to(torch.float64) * pi * 0.25
    taps = torch.arange(8, device=device)
    one = torch.ones(8, dtype=torch.float64, device=device)
    size = torch.where(taps % 2 == 1, exact_number(0.70710678118654752440, device), one)
    p = size * torch.tensor([1, -1, 0, 1, -1, 1, 0, -1], device=device)
    q = size * torch.tensor([0, -1, 1, -1, 0, 1, -1, 1], device=device)
    distance = (f + 3)[:, None] - taps.to(torch.float32)
    y = -distance.to(torch.float64) * pi * 0.25
    near = distance.abs() < 1e-6
    sines = p * start.sin()[:, None] + q * start.cos()[:, None]
    far = sines / torch.where(near, torch.ones_like(y), y * y)
    weights = torch.where(near, torch.full_like(far, 1e30), far).to(torch.float32)
    total = weights[:, 0]
    for k in range(1, 8):
        total = total + weights[:, k]
    weights = weights * (1 / total)[:, None]
    return (left[:, None] + taps - 3).clamp(0, source - 1), weights
