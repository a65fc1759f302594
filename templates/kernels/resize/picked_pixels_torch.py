import torch

from kernels.graphs.open_sizes_torch import is_open
from kernels.runtime.numbers_are_known_torch import numbers_are_known


def picked_pixels(x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    """The pixels of [..., h, w, c] where some rows and columns meet.

    The result is written by row and channel, for what takes its channels apart.
    """
    channels, lines, h = x.shape[-1], x, rows.shape[0]
    labels = x.dtype == torch.int64 and are_small(x)
    if labels:  # an eighth of the memory
        lines = lines.to(torch.uint8)
    rows_first = is_open([x.shape[-3], h]) or h <= x.shape[-3]
    if rows_first:
        lines = lines.index_select(-3, rows)
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
    if labels:
        found = found.to(torch.int64)
    return found.unflatten(-1, (channels, columns.shape[0])).transpose(-1, -2)


def are_small(x: torch.Tensor) -> bool:
    """Whether all numbers are known to fit into uint8."""
    return numbers_are_known(x) and x.numel() > 0 and bool((x.min() >= 0) & (x.max() < 256))
