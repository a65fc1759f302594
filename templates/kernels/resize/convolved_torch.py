import torch

from kernels.resize.row_strips_torch import row_strips
from kernels.resize.rows_of_all_torch import rows_of_all


def convolved(
    x: torch.Tensor, tables: tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]
) -> torch.Tensor:
    """Weighted sums over 4 or 8 columns and rows of uint8 or float32 as OpenCV adds, in strips."""
    index, b, picked, a = tables
    taps, h, size = index.shape[0], index.shape[1], picked.shape[1]
    sh, channels = x.shape[-3], x.shape[-1]
    lines = x.reshape(-1, x.shape[-2] * channels)
    pictures = lines.shape[0] // sh
    index, b = rows_of_all(index, pictures, sh), b.repeat(1, pictures, 1)
    out = x.new_empty([pictures * h, size])
    parts = row_strips(pictures, h, size, 0, sh, h, 6, x.device)
    for start, stop, first, end in parts:
        band = lines[first:end]
        across = band.gather(1, picked[0].expand(band.shape[0], -1)).to(a.dtype).mul_(a[0])
        for k in range(1, taps):
            across += band.gather(1, picked[k].expand(band.shape[0], -1)).to(a.dtype).mul_(a[k])
        taken = [across.index_select(0, index[k, start:stop] - first) for k in range(taps)]
        weights = [b[k, start:stop] for k in range(taps)]
        if x.dtype != torch.uint8:
            out[start:stop] = convolved_f32(taken, weights)
        elif taps == 4:
            out[start:stop] = convolved_cubic(taken, weights)
        else:
            out[start:stop] = convolved_whole(taken, weights)
    return out.reshape(list(x.shape[:-3]) + [h, size // channels, channels])


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
