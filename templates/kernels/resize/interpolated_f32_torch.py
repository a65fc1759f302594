import torch

from kernels.resize.interpolation_lines_torch import (
    interpolation_tables,
    tables_of_all,
    tables_of_columns,
)


def interpolated_f32(
    x: torch.Tensor,
    tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    window: tuple[int, int, int, int],
) -> torch.Tensor:
    """Rows and columns (from, to; from, to) of a linear interpolation of float32 as OpenCV does."""
    top, bottom, left, right = window
    sh, channels = x.shape[-3], x.shape[-1]
    lines = x.reshape(-1, x.shape[-2] * channels)
    tables = tables_of_all(tables, lines.shape[0] // sh, sh, top, bottom)
    at, b, picked, a = tables_of_columns(tables, channels, left, right)
    size = [lines.shape[0], -1]
    across = lines.gather(1, picked[0].expand(size)).mul_(a[0])
    right_too = across + lines.gather(1, picked[1].expand(size)).mul_(a[1])
    across = torch.where(picked[0] == picked[1], across, right_too)
    total = across.index_select(0, at[0]).mul_(b[0])
    total += across.index_select(0, at[1]).mul_(b[1])
    shape = list(x.shape[:-3]) + [bottom - top, channels, right - left]
    return total.reshape(shape).transpose(-1, -2)


def interpolation_tables_f32(
    sh: int,
    sw: int,
    channels: int,
    rows: tuple[torch.Tensor, torch.Tensor],
    columns: tuple[torch.Tensor, torch.Tensor],
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """The tables of source pixels and fractions; a row of pixels ends with its last one alone."""
    (top, g), (left, f) = rows, columns
    f = torch.where((left < 0) | (left >= sw - 1), torch.zeros_like(f), f)
    left = left.clamp(0, sw - 1)
    return interpolation_tables(sh, sw, channels, (top, 1 - g, g), (left, 1 - f, f))
