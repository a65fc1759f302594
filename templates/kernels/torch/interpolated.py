import torch


def interpolated(
    x: torch.Tensor,
    rows: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    columns: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Linear interpolation of uint8 with 11-bit weights, as OpenCV does, 64 rows at a time.

    `rows` and `columns` hold for each target pixel a source index and two weights. Beyond the
    edge a column takes the edge's pixel alone; a row keeps its weights.
    """
    h, scale = rows[0].shape[0], x.shape[0] / rows[0].shape[0]
    image = x[:, :, None] if x.dim() == 2 else x
    last_row, last_column = x.shape[0] - 1, x.shape[1] - 1
    left, a0, a1 = columns
    inside = (left >= 0) & (left < last_column)
    a0 = torch.where(inside, a0, torch.full_like(a0, 2048))[:, None]
    a1 = torch.where(inside, a1, torch.zeros_like(a1))[:, None]
    left = left.clamp(0, last_column)
    right = (left + 1).clamp(max=last_column)
    top, b0, b1 = rows
    upper, lower = top.clamp(0, last_row), (top + 1).clamp(0, last_row)
    strips: list[torch.Tensor] = []
    for start in range(0, h, 64):
        stop = min(start + 64, h)
        first = max(0, int(start * scale) - 2)  # the rows that these need, and some more
        band = image[first : int(stop * scale) + 3]
        across = band.index_select(1, left).to(torch.int32).mul_(a0)
        across += band.index_select(1, right).to(torch.int32).mul_(a1)
        across >>= 4
        total = across.index_select(0, upper[start:stop] - first)
        total = total.mul_(b0[start:stop, None, None]) >> 16
        below = across.index_select(0, lower[start:stop] - first)
        total += below.mul_(b1[start:stop, None, None]) >> 16
        strips.append(((total + 2) >> 2).to(torch.uint8))
    result = torch.cat(strips)
    return result[:, :, 0] if x.dim() == 2 else result
