import torch

from kernels.resize.strip_size_torch import strip_size


def halved(x: torch.Tensor) -> torch.Tensor:
    """The mean of each 2 x 2 block of uint8, rounded half up, in strips of rows.

    The result is written by row and channel, for what takes its channels apart.
    """
    planes = x[:, None] if x.dim() == 2 else x.permute(0, 2, 1)
    h, w = x.shape[0] // 2, x.shape[1] // 2
    out = torch.empty([h, planes.shape[1], w], dtype=torch.uint8, device=x.device)
    step = strip_size(h, out[0].numel(), x.device)
    for start in range(0, h, step):
        stop = min(start + step, h)
        down = planes[2 * start : 2 * stop : 2].to(torch.int16)
        down += planes[2 * start + 1 : 2 * stop : 2]
        total = torch.empty([stop - start, planes.shape[1], w], dtype=torch.int16, device=x.device)
        torch.add(down[:, :, ::2], down[:, :, 1::2], out=total)
        total += 2
        total >>= 2
        out[start:stop] = total
    return out[:, 0] if x.dim() == 2 else out.permute(0, 2, 1)
