import torch

from kernels.resize.interpolation_lines_torch import interpolation_lines, tables_of_all
from kernels.resize.row_strips_torch import row_strips


def interpolated(
    x: torch.Tensor,
    tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor],
    top: int,
    bottom: int,
) -> torch.Tensor:
    """Linear interpolation of uint8 with 11-bit weights, as OpenCV does: some rows, in strips.

    The result is written by row and channel, for what takes its channels apart.
    """
    sh, channels, h = x.shape[-3], x.shape[-1], bottom - top
    lines, target = x.reshape(-1, x.shape[-2] * channels), tables[0].shape[1]
    pictures = lines.shape[0] // sh
    tables = tables_of_all(tables, pictures, sh, top, bottom)
    b, size = tables[1], tables[2].shape[1]
    out = x.new_empty([pictures * h, size])
    parts = row_strips(pictures, h, size, top, sh, target, 1, x.device)
    for start, stop, first, end in parts:
        upper, lower = interpolation_lines(lines, tables, start, stop, (first, end), 4)
        # ((upper * b0 >> 16) + (lower * b1 >> 16) + 2) >> 2, where lower's last bits cannot carry
        b0, b1 = b[:, start:stop].unbind()
        upper *= b0
        upper += 2 << 16
        upper.bitwise_and_(-1 << 16)
        upper.addcmul_(lower, b1)
        upper >>= 18
        out[start:stop] = upper
    shape = list(x.shape[:-3]) + [h, channels, size // channels]
    return out.reshape(shape).transpose(-1, -2)
