import torch

from kernels.resize.interpolation_lines_torch import interpolation_tables, tables_of_columns


def interpolated_f32(
    x: torch.Tensor,
    tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    window: tuple[int, int, int, int],
) -> torch.Tensor:
    """Rows and columns (from, to; from, to) of a linear interpolation of float32 as OpenCV does."""
    top, bottom, left, right = window
    sh, channels = x.shape[0], x.shape[2] if x.dim() == 3 else 1
    at, b, picked, a = tables_of_columns(tables, channels, left, right)
    at, b = at[:, top:bottom], b[:, top:bottom]
    flat = x.reshape(sh, -1)
    across = flat.gather(1, picked[0].expand(sh, -1)).mul_(a[0])
    right_too = across + flat.gather(1, picked[1].expand(sh, -1)).mul_(a[1])
    across = torch.where(picked[0] == picked[1], across, right_too)
    total = across.index_select(0, at[0]).mul_(b[0])
    total += across.index_select(0, at[1]).mul_(b[1])
    return total if x.dim() == 2 else total.reshape(bottom - top, channels, -1).permute(0, 2, 1)


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
