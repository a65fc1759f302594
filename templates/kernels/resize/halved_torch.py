import torch

from kernels.resize.strips_torch import strips
from kernels.runtime.numbers_are_known_torch import numbers_are_known


def halved(x: torch.Tensor) -> torch.Tensor:
    """The mean of each 2 x 2 block of uint8 [..., h, w, c], rounded half up, in strips of rows.

    The result is written by row and channel, for what takes its channels apart.
    """
    h, w, channels = x.shape[-3] // 2, x.shape[-2] // 2, x.shape[-1]
    lines = x.reshape([-1] + list(x.shape[-2:])).transpose(1, 2)
    count = lines.shape[0] // 2
    out = x.new_empty([count, channels, w])
    for start, stop in strips(count, channels * w, x.device):
        down = lines[2 * start : 2 * stop : 2].to(torch.int16)
        down += lines[2 * start + 1 : 2 * stop : 2]
        left, right = down[:, :, ::2], down[:, :, 1::2]
        if numbers_are_known(down):  # and in the order of the result, which a sum has of its parts
            total = torch.empty([stop - start, channels, w], dtype=torch.int16)
            torch.add(left, right, out=total)
        else:
            total = left + right
        total += 2
        total >>= 2
        out[start:stop] = total
    return out.reshape(list(x.shape[:-3]) + [h, channels, w]).transpose(-1, -2)
