import torch

from kernels.geometry.placement import Placement
from kernels.resize.filter_support import filter_window
from kernels.resize.pil_in_graph_torch import pil_in_graph
from kernels.resize.pil_table_torch import pil_table
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.premultiplied_torch import premultiplied, unpremultiplied
from kernels.resize.taps_pass_torch import taps_across, taps_down
from kernels.resize.window_of import window_of


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
            index, weights = pil_table(sh, h, filter_, x.device)
            index = (index[:, top:bottom] - first).clamp(max=last - first - 1)
            image = taps_down(image, index, weights[:, top:bottom], filter_)
        if not down and sw != w:
            index, weights = pil_table(sw, w, filter_, x.device)
            index = (index[:, left:right] - begin).clamp(max=end - begin - 1)
            image = taps_across(image, index, weights[:, left:right], filter_)
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
