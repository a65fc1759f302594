import torch


def convolved(
    x: torch.Tensor,
    rows: tuple[torch.Tensor, torch.Tensor],
    columns: tuple[torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Weighted sums over 4 or 8 columns and rows of uint8 or float32 as OpenCV adds, in strips.

    `rows` and `columns` hold for each target pixel the source pixels [n, taps] and their weights.
    """
    index, b = rows[0], rows[1]
    columns_at, a = columns[0], columns[1]
    h, w, taps = index.shape[0], columns_at.shape[0], index.shape[1]
    image = x[:, :, None] if x.dim() == 2 else x
    whole = x.dtype == torch.uint8
    if whole:
        a, b = (a * 2048).round().to(torch.int32), (b * 2048).round().to(torch.int32)
    strips: list[torch.Tensor] = []
    scale = x.shape[0] / h
    for start in range(0, h, 64):
        stop = min(start + 64, h)
        first = max(0, int(start * scale) - 6)  # the rows that these need, and some more
        band = image[first : int(stop * scale) + 7]
        across = band.index_select(1, columns_at[:, 0]).to(a.dtype) * a[:, :1]
        for k in range(1, taps):
            across += band.index_select(1, columns_at[:, k]).to(a.dtype) * a[:, k : k + 1]
        across = across.reshape(across.shape[0], -1)
        lines = [across.index_select(0, index[start:stop, k] - first) for k in range(taps)]
        weights = [b[start:stop, k : k + 1] for k in range(taps)]
        if not whole:
            strips.append(convolved_f32(lines, weights))
        elif taps == 4:
            strips.append(convolved_cubic(lines, weights))
        else:
            strips.append(convolved_whole(lines, weights))
    result = torch.cat(strips).to(x.dtype).reshape(h, w, image.shape[2])
    return result[:, :, 0] if x.dim() == 2 else result


def convolved_whole(lines: list[torch.Tensor], weights: list[torch.Tensor]) -> torch.Tensor:
    """The pass down in whole numbers, rounded half up."""
    total = lines[0] * weights[0]
    for k in range(1, len(lines)):
        total += lines[k] * weights[k]
    return ((total + (1 << 21)) >> 22).clamp(0, 255)


def convolved_cubic(lines: list[torch.Tensor], weights: list[torch.Tensor]) -> torch.Tensor:
    """The pass down in float32 from the last tap on; the end of a row in whole numbers."""
    total = lines[3].to(torch.float32) * (weights[3].to(torch.float32) * 2.0**-22)
    for k in (2, 1, 0):
        product = lines[k].to(torch.float32) * (weights[k].to(torch.float32) * 2.0**-22)
        total = product + total
    total = total.round().clamp(0, 255)
    body = total.shape[1] - total.shape[1] % 8
    ends = [line[:, body:] for line in lines]
    return torch.cat([total[:, :body].to(torch.int32), convolved_whole(ends, weights)], dim=1)


def convolved_f32(lines: list[torch.Tensor], weights: list[torch.Tensor]) -> torch.Tensor:
    """The pass down from the last tap on; at the end of a row from the first."""
    body = lines[0].shape[1] - lines[0].shape[1] % 4
    last = len(lines) - 1
    down = lines[last][:, :body] * weights[last]
    end = lines[0][:, body:] * weights[0]
    for k in range(1, len(lines)):
        down = down + lines[last - k][:, :body] * weights[last - k]
        end = end + lines[k][:, body:] * weights[k]
    return torch.cat([down, end], dim=1)
