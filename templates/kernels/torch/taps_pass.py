import torch


def taps_down(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, clip: bool
) -> torch.Tensor:
    """The pass over the first axis of uint8 [h, w, c], in 22-bit fixed point.

    By tap `index` names the source row of each target row, and `weights` its weight. On a
    processor strips of columns stay in its cache.
    """
    flat = x.reshape(x.shape[0], -1)
    out = torch.empty((index.shape[1], flat.shape[1]), dtype=torch.uint8, device=x.device)
    step = 512 if x.device.type == "cpu" else flat.shape[1]
    for start in range(0, flat.shape[1], step):
        strip = flat[:, start : start + step].to(torch.int32)
        out[:, start : start + step] = taps_summed(strip, index, weights, clip)
    return out.reshape(index.shape[1], x.shape[1], x.shape[2])


def taps_across(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, clip: bool
) -> torch.Tensor:
    """The pass over the second axis: that over the first, on strips of rows turned over."""
    h, w, c = x.shape[0], index.shape[1], x.shape[2]
    out = torch.empty((h, w, c), dtype=torch.uint8, device=x.device)
    step = 64 if x.device.type == "cpu" else h
    for start in range(0, h, step):
        lines = x[start : start + step].permute(1, 2, 0)
        strip = lines.to(torch.int32, memory_format=torch.contiguous_format)
        total = taps_summed(strip.reshape(x.shape[1], -1), index, weights, clip)
        out[start : start + step] = total.reshape(w, c, -1).permute(2, 0, 1)
    return out


def taps_summed(
    x: torch.Tensor, index: torch.Tensor, weights: torch.Tensor, clip: bool
) -> torch.Tensor:
    """The weighted sums of the rows of int32 [h, n], rounded half up."""
    total = x.index_select(0, index[0]).mul_(weights[0][:, None]).add_(1 << 21)
    for tap in range(1, index.shape[0]):
        total.addcmul_(x.index_select(0, index[tap]), weights[tap][:, None])
    total >>= 22
    return total.clamp_(0, 255) if clip else total
