import torch

from kernels.resize.interpolation_lines_torch import interpolation_lines
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
    image = x[:, :, None] if x.dim() == 2 else x
    _, b, picked, _ = tables
    h, size = bottom - top, picked.shape[1]
    out = torch.empty([h, size], dtype=torch.uint8, device=x.device)
    step = strip_size(h, size, x.device)
    for start in range(top, bottom, step):
        stop = min(start + step, bottom)
        upper, lower = interpolation_lines(image, tables, start, stop, 4)
        # ((upper * b0 >> 16) + (lower * b1 >> 16) + 2) >> 2, where lower's last bits cannot carry
        upper *= b[0, start:stop]
        upper += 2 << 16
        upper &= -1 << 16
        upper.addcmul_(lower, b[1, start:stop])
        upper >>= 18
        out[start - top : stop - top] = upper
    return out if x.dim() == 2 else out.reshape(h, image.shape[2], -1).permute(0, 2, 1)
