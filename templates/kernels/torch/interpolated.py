import torch

from kernels.torch.interpolation_lines import interpolation_lines
from kernels.torch.strip_size import strip_size


def interpolated(
    x: torch.Tensor, tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
) -> torch.Tensor:
    """Linear interpolation of uint8 with 11-bit weights, as OpenCV does, in strips of rows.

    The result is written by row and channel, for what takes its channels apart.
    """
    image = x[:, :, None] if x.dim() == 2 else x
    _, b, picked, _ = tables
    h, size = b.shape[1], picked.shape[1]
    out = torch.empty([h, size], dtype=torch.uint8, device=x.device)
    step = strip_size(h, size, x.device)
    for start in range(0, h, step):
        stop = min(start + step, h)
        upper, lower = interpolation_lines(image, tables, start, stop, 4)
        # ((upper * b0 >> 16) + (lower * b1 >> 16) + 2) >> 2, where lower's last bits cannot carry
        upper *= b[0, start:stop]
        upper += 2 << 16
        upper &= -1 << 16
        upper.addcmul_(lower, b[1, start:stop])
        upper >>= 18
        out[start:stop] = upper
    return out if x.dim() == 2 else out.reshape(h, image.shape[2], -1).permute(0, 2, 1)
