import torch

from kernels.resize.strips_torch import strips


def taps_down(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, filter_: str
) -> torch.Tensor:
    """The pass down uint8 [..., h, w, c], in 22-bit fixed point, in strips of columns.

    By tap `index` names the source row of each target row, and `weights` [taps, h, 1] its weight.
    What lies in memory by row and channel stays so.
    """
    planar = x.stride(-2) == 1
    lines = x.transpose(-1, -2) if planar else x
    pictures = lines.reshape([-1] + list(lines.shape[-3:]))
    flat = pictures.transpose(0, 1).flatten(1)
    out = x.new_empty([index.shape[1], flat.shape[1]])
    for start, stop in strips(flat.shape[1], x.shape[-3], x.device):
        strip = flat[:, start:stop].to(torch.int32)
        out[:, start:stop] = taps_summed(strip, index, weights, filter_)
    down = out.reshape([index.shape[1], pictures.shape[0]] + list(lines.shape[-2:])).transpose(0, 1)
    down = down.reshape(list(x.shape[:-3]) + list(down.shape[1:]))
    return down.transpose(-1, -2) if planar else down


def taps_across(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, filter_: str
) -> torch.Tensor:
    """The pass across: that down, on strips of rows turned over.

    The result is written by row and channel, for what takes its channels apart.
    """
    lines, w, c = x.reshape([-1] + list(x.shape[-2:])), index.shape[1], x.shape[-1]
    h = lines.shape[0]
    out = x.new_empty([h, c, w])
    for start, stop in strips(h, x.shape[-2] * c, x.device):
        turned = lines[start:stop].permute(1, 2, 0)
        strip = turned.to(torch.int32, memory_format=torch.contiguous_format)
        total = taps_summed(strip.flatten(1), index, weights, filter_)
        out[start:stop] = total.reshape(w, c, -1).permute(2, 1, 0)
    return out.reshape(list(x.shape[:-2]) + [c, w]).transpose(-1, -2)


def taps_summed(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, filter_: str
) -> torch.Tensor:
    """The weighted sums of the rows of int32 [h, n], rounded half up."""
    rows, weight = index.unbind(), weights.unbind()
    total = x.index_select(0, rows[0]).mul_(weight[0]).add_(1 << 21)
    for tap in range(1, len(rows)):
        total.addcmul_(x.index_select(0, rows[tap]), weight[tap])
    total >>= 22
    if filter_ == "bicubic" or filter_ == "lanczos":  # their weights below 0 may leave the range
        total.clamp_(0, 255)
    return total
