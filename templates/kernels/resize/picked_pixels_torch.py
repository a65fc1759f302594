import torch

from kernels.graphs.open_sizes_torch import is_open


def picked_pixels(x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """The pixels of [..., h, w, c] where some rows and columns meet.

    The result is written by row and channel, for what takes its channels apart.
    """
    channels, lines, h = x.shape[-1], x, rows.shape[0]
    rows_first = is_open([x.shape[-3], h]) or h <= x.shape[-3]
    if rows_first:
        lines = x.index_select(-3, rows)
    channel = torch.arange(channels, device=x.device)[:, None]
    places = (columns * channels + channel).reshape(-1)
    flat = lines.flatten(-2)
    places = places.expand(list(flat.shape[:-1]) + [-1])
    if x.dtype == torch.uint16:  # which gather does not take
        found = flat.to(torch.int32).gather(-1, places).to(torch.uint16)
    else:
        found = flat.gather(-1, places)
    if not rows_first:
        found = found.index_select(-2, rows)
    return found.unflatten(-1, (channels, columns.shape[0])).transpose(-1, -2)
