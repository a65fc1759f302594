import torch


def interpolated_f32(
    x: torch.Tensor,
    rows: tuple[torch.Tensor, torch.Tensor],
    columns: tuple[torch.Tensor, torch.Tensor],
) -> torch.Tensor:
    """Linear interpolation of float32 as OpenCV does: across, then down.

    `rows` and `columns` hold for each target pixel a source index and the fraction of the way to
    the next one. Beyond the edge a column takes the edge's pixel alone; a row keeps its weights.
    """
    sh, sw = x.shape[0], x.shape[1]
    image = x[:, :, None] if x.dim() == 2 else x
    left, f = columns
    f = torch.where((left < 0) | (left >= sw - 1), torch.zeros_like(f), f)[:, None]
    top, g = rows
    g = g[:, None, None]
    across = image.index_select(1, left.clamp(0, sw - 1)) * (1 - f)
    across += image.index_select(1, (left + 1).clamp(0, sw - 1)) * f
    total = across.index_select(0, top.clamp(0, sh - 1)) * (1 - g)
    total += across.index_select(0, (top + 1).clamp(0, sh - 1)) * g
    return total[:, :, 0] if x.dim() == 2 else total
