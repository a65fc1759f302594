import torch

from kernels.resize.strip_size_torch import strip_size


def convolved(
    x: torch.Tensor, tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
) -> torch.Tensor:
    """Weighted sums over 4 or 8 columns and rows of uint8 or float32 as OpenCV adds, in strips."""
    index, b, picked, a = tables
    taps, h, size = index.shape[0], index.shape[1], picked.shape[1]
    image = x[:, :, None] if x.dim() == 2 else x
    scale = x.shape[0] / h
    out = torch.empty([h, size], dtype=x.dtype, device=x.device)
    step = strip_size(h, size, x.device)
    for start in range(0, h, step):
        stop = min(start + step, h)
        first = max(0, int(start * scale) - 6)  # the rows that these need, and some more
        band = image[first : int(stop * scale) + 7]
        flat = band.reshape(band.shape[0], -1)
        across = flat.gather(1, picked[0].expand(flat.shape[0], -1)).to(a.dtype).mul_(a[0])
        for k in range(1, taps):
            across += flat.gather(1, picked[k].expand(flat.shape[0], -1)).to(a.dtype).mul_(a[k])
        lines = [across.index_select(0, index[k, start:stop] - first) for k in range(taps)]
        weights = [b[k, start:stop] for k in range(taps)]
        if x.dtype != torch.uint8:
            out[start:stop] = convolved_f32(lines, weights)
        elif taps == 4:
            out[start:stop] = convolved_cubic(lines, weights)
        else:
            out[start:stop] = convolved_whole(lines, weights)
    return out.reshape([h, size // image.shape[2]] + list(x.shape[2:]))


def convolution_tables(
    rows: tuple[torch.Tensor, torch.Tensor],
    columns: tuple[torch.Tensor, torch.Tensor],
    channels: int,
    dtype: torch.dtype,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source rows [taps, h] and weights [taps, h, 1]; places in a row and weights [taps, w * c].

    They are made of the source pixels [n, taps] of each target pixel and their weights. For uint8
    these are whole numbers of 1/2048.
    """
    b, a = rows[1].t(), columns[1].t()
    if dtype == torch.uint8:
        a, b = (a * 2048).round().to(torch.int32), (b * 2048).round().to(torch.int32)
    channel = torch.arange(channels, device=a.device)
    picked = (columns[0].t()[:, :, None] * channels + channel).flatten(1)
    weights = a[:, :, None].expand(-1, -1, channels).flatten(1)
    return rows[0].t().contiguous(), b.contiguous()[:, :, None], picked, weights


def convolved_whole(lines: list[torch.Tensor], weights: list[torch.Tensor]) -> torch.Tensor:
    """The pass down in whole numbers, rounded half up."""
    total = lines[0] * weights[0]
    for k in range(1, len(lines)):
        total += lines[k] * weights[k]
    total += 1 << 21
    total >>= 22
    return total.clamp_(0, 255)


def convolved_cubic(lines: list[torch.Tensor], weights: list[torch.Tensor]) -> torch.Tensor:
    """The pass down in float32 from the last tap on; the end of a row in whole numbers."""
    total = lines[3].to(torch.float32).mul_(weights[3].to(torch.float32) * 2.0**-22)
    for k in (2, 1, 0):
        total += lines[k].to(torch.float32).mul_(weights[k].to(torch.float32) * 2.0**-22)
    found = total.round_().clamp_(0, 255).to(torch.int32)
    body = found.shape[1] - found.shape[1] % 8
    if body < found.shape[1]:
        found[:, body:] = convolved_whole([line[:, body:] for line in lines], weights)
    return found


def convolved_f32(lines: list[torch.Tensor], weights: list[torch.Tensor]) -> torch.Tensor:
    """The pass down from the last tap on; at the end of a row from the first."""
    body = lines[0].shape[1] - lines[0].shape[1] % 4
    last = len(lines) - 1
    end = lines[0][:, body:] * weights[0]
    for k in range(1, len(lines)):
        end += lines[k][:, body:] * weights[k]
    down = lines[last].mul_(weights[last])
    for k in range(1, len(lines)):
        down += lines[last - k].mul_(weights[last - k])
    down[:, body:] = end
    return down
