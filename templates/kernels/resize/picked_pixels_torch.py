import torch


def picked_pixels(x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """The pixels where some rows and columns meet.

    The result is written by row and channel, for what takes its channels apart.
    """
    channels = x.shape[2] if x.dim() == 3 else 1
    lines, h = x, rows.shape[0]
    if h <= x.shape[0]:
        lines = x.index_select(0, rows)
    channel = torch.arange(channels, device=x.device)[:, None]
    places = (columns * channels + channel).reshape(1, -1).expand(lines.shape[0], -1)
    flat = lines.reshape(lines.shape[0], -1)
    if x.dtype == torch.uint16:  # which gather does not take
        found = flat.to(torch.int32).gather(1, places).to(torch.uint16)
    else:
        found = flat.gather(1, places)
    if h > x.shape[0]:
        found = found.index_select(0, rows)
    return found if x.dim() == 2 else found.reshape(h, channels, -1).permute(0, 2, 1)
