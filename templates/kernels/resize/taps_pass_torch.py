import torch

from kernels.resize.strip_size_torch import strip_size


def taps_down(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, filter_: str
) -> torch.Tensor:
    """The pass over the first axis of uint8 [h, w, c], in 22-bit fixed point, in strips of columns.

    By tap `index` names the source row of each target row, and `weights` its weight. What lies in
    memory by row and channel stays so.
    """
    planar = x.stride(1) == 1
    lines = x.permute(0, 2, 1) if planar else x
    flat = lines.reshape(x.shape[0], -1)
    out = torch.empty((index.shape[1], flat.shape[1]), dtype=torch.uint8, device=x.device)
    step = strip_size(flat.shape[1], x.shape[0], x.device)
    for start in range(0, flat.shape[1], step):
        strip = flat[:, start : start + step].to(torch.int32)
        out[:, start : start + step] = taps_summed(strip, index, weights, filter_)
    out = out.reshape(index.shape[1], lines.shape[1], lines.shape[2])
    return out.permute(0, 2, 1) if planar else out


def taps_across(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, filter_: str
) -> torch.Tensor:
    """The pass over the second axis: that over the first, on strips of rows turned over.

    The result is written by row and channel, for what takes its channels apart.
    """
    h, w, c = x.shape[0], index.shape[1], x.shape[2]
    out = torch.empty((h, c, w), dtype=torch.uint8, device=x.device)
    step = strip_size(h, x.shape[1] * c, x.device)
    for start in range(0, h, step):
        lines = x[start : start + step].permute(1, 2, 0)
        strip = lines.to(torch.int32, memory_format=torch.contiguous_format)
        total = taps_summed(strip.reshape(x.shape[1], -1), index, weights, filter_)
        out[start : start + step] = total.reshape(w, c, -1).permute(2, 1, 0)
    return out.permute(0, 2, 1)


def taps_summed(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, filter_: str
) -> torch.Tensor:
    """The weighted sums of the rows of int32 [h, n], rounded half up."""
    total = x.index_select(0, index[0]).mul_(weights[0][:, None]).add_(1 << 21)
    for tap in range(1, index.shape[0]):
        total.addcmul_(x.index_select(0, index[tap]), weights[tap][:, None])
    total >>= 22
    if filter_ == "bicubic" or filter_ == "lanczos":  # their weights below 0 may leave the range
        total.clamp_(0, 255)
    return total
