import torch

from kernels.resize.interpolation_lines_torch import interpolation_lines, tables_of_all
from kernels.resize.rows_needed import rows_needed
from kernels.resize.strip_size_torch import strip_size


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
    lines, scale = x.reshape(-1, x.shape[-2] * channels), sh / tables[0].shape[1]
    pictures = lines.shape[0] // sh
    tables = tables_of_all(tables, pictures, sh, top, bottom)
    b, size = tables[1], tables[2].shape[1]
    out = torch.empty([pictures * h, size], dtype=torch.uint8, device=x.device)
    step = strip_size(pictures * h, size, x.device)
    for start in range(0, pictures * h, step):
        stop = min(start + step, pictures * h)
        needed = rows_needed(start, stop, top, h, sh, scale, 1)
        upper, lower = interpolation_lines(lines, tables, start, stop, needed, 4)
        # ((upper * b0 >> 16) + (lower * b1 >> 16) + 2) >> 2, where lower's last bits cannot carry
        upper *= b[0, start:stop]
        upper += 2 << 16
        upper &= -1 << 16
        upper.addcmul_(lower, b[1, start:stop])
        upper >>= 18
        out[start:stop] = upper
    shape = list(x.shape[:-3]) + [h, channels, size // channels]
    return out.reshape(shape).transpose(-1, -2)
