import torch

from kernels.geometry.placement import Placement
from kernels.resize.filter_support import filter_window
from kernels.resize.pil_in_graph_torch import pil_in_graph
from kernels.resize.pil_table_torch import pil_table_made
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.premultiplied_torch import premultiplied, unpremultiplied
from kernels.resize.taps_pass_torch import taps_across, taps_down
from kernels.resize.window_of import window_of
from kernels.runtime.remembered_torch import remembered


def pil_resize(
    x: torch.Tensor,
    h: int,
    w: int,
    filter_: str,
    version: int = 13,
    part: Placement | None = None,
) -> torch.Tensor:
    """Pillow's antialiased resize of uint8, or a part of its result.

    Its version decides which pass comes first.
    """
    sh, sw = x.shape[-3], x.shape[-2]
    window = window_of(part, h, w)
    top, bottom, left, right = window
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        if x.shape[-1] != 4:
            return pil_in_graph(x, h, w, filter_, version, window)
        return unpremultiplied(pil_in_graph(premultiplied(x), h, w, filter_, version, window))
    if sh == h and sw == w:
        return x[..., top:bottom, left:right, :].clone()
    first, last = pil_source(sh, h, filter_, top, bottom)
    begin, end = pil_source(sw, w, filter_, left, right)
    image = x[..., first:last, begin:end, :]
    alpha = image.shape[-1] == 4
    if alpha:
        image = premultiplied(image)
    vertical_first = pil_vertical_first(sh, sw, h, w, version)
    for down in [vertical_first, not vertical_first]:
        if down and sh != h:
            index, weights = pil_taps(sh, h, filter_, top, bottom, x.device)
            image = taps_down(image, index, weights, filter_)
        if not down and sw != w:
            index, weights = pil_taps(sw, w, filter_, left, right, x.device)
            image = taps_across(image, index, weights, filter_)
    if alpha:
        image = unpremultiplied(image)
    return image


def pil_source(source: int, target: int, filter_: str, first: int, end: int) -> tuple[int, int]:
    """The source pixels, from and to, that some target pixels need."""
    if source == target:
        return first, end
    low, _ = filter_window(first, source, target, filter_)
    _, high = filter_window(end - 1, source, target, filter_)
    return low, high


def pil_taps(
    source: int, target: int, filter_: str, first: int, end: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """By tap the source index of some target pixels, and the weight [taps, n, 1] of 2**-22.

    The index counts from the first source pixel that these need.
    """
    if torch.jit.is_scripting():
        return pil_taps_made(source, target, filter_, first, end, device)
    return remembered(pil_taps_made, source, target, filter_, first, end, device)


def pil_taps_made(
    source: int, target: int, filter_: str, first: int, end: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The same, computed."""
    index, weights = pil_table_made(source, target, filter_, device)
    low, high = pil_source(source, target, filter_, first, end)
    index = (index[:, first:end] - low).clamp(max=high - low - 1)
    return index, weights[:, first:end, None].contiguous()
