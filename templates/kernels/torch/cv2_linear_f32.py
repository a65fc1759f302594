import torch

from kernels.common.geometry import Geometry
from kernels.common.window_of import window_of
from kernels.torch.cv2_places import cv2_places
from kernels.torch.interpolation_lines import interpolation_tables, tables_of_columns
from kernels.torch.remembered import remembered


def cv2_linear_f32(x: torch.Tensor, h: int, w: int, part: Geometry | None = None) -> torch.Tensor:
    """OpenCV's INTER_LINEAR on float32, as it computes without IPP, or a part of its result."""
    sh, sw = x.shape[0], x.shape[1]
    top, bottom, left, right = window_of(part, h, w)
    if sh == h and sw == w:
        return x[top:bottom, left:right].clone()
    if sh == 2 * h and sw == 2 * w:
        return halved_f32(x)[top:bottom, left:right]
    channels = x.shape[2] if x.dim() == 3 else 1
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_linear_f32_tables(sh, sw, channels, h, w, x.device)
    else:
        tables = remembered(cv2_linear_f32_tables, sh, sw, channels, h, w, x.device)
    at, b, picked, a = tables_of_columns(tables, channels, left, right)
    at, b = at[:, top:bottom], b[:, top:bottom]
    flat = x.reshape(sh, -1)
    across = flat.gather(1, picked[0].expand(sh, -1)).mul_(a[0])
    right_too = across + flat.gather(1, picked[1].expand(sh, -1)).mul_(a[1])
    across = torch.where(picked[0] == picked[1], across, right_too)
    total = across.index_select(0, at[0]).mul_(b[0])
    total += across.index_select(0, at[1]).mul_(b[1])
    return total if x.dim() == 2 else total.reshape(bottom - top, channels, -1).permute(0, 2, 1)


def cv2_linear_f32_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights; a row ends with its last pixel alone."""
    top, g = cv2_places(sh, h, device)
    left, f = cv2_places(sw, w, device)
    f = torch.where((left < 0) | (left >= sw - 1), torch.zeros_like(f), f)
    left = left.clamp(0, sw - 1)
    return interpolation_tables(sh, sw, channels, (top, 1 - g, g), (left, 1 - f, f))


def halved_f32(x: torch.Tensor) -> torch.Tensor:
    """The mean of each 2 x 2 block, added as OpenCV's vector code does, or its plain code."""
    a, b, c, d = x[::2, ::2], x[::2, 1::2], x[1::2, ::2], x[1::2, 1::2]
    channels = x.shape[2] if x.dim() == 3 else 1
    body = 0
    if channels == 1:
        body = a.shape[1] - a.shape[1] % 4
    if channels == 4:
        body = a.shape[1]
    total = ((a + b) + c) + d
    total[:, :body] = (a[:, :body] + b[:, :body]) + (c[:, :body] + d[:, :body])
    return total * 0.25
