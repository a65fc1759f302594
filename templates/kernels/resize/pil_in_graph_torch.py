import torch

from kernels.graphs.open_sizes_torch import is_open
from kernels.graphs.some_of_axis_torch import some_of_axis
from kernels.resize.pil_table_torch import pil_table, pil_weights
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.taps_gathered_torch import taps_gathered, weighed_taps


def pil_in_graph(
    x: torch.Tensor, h: int, w: int, filter_: str, version: int, window: tuple[int, int, int, int]
) -> torch.Tensor:
    """Rows and columns (from, to; from, to) of Pillow's resize, as a graph computes them.

    Where its sizes are open, both orders of the passes are.
    """
    sh, sw = x.shape[-3], x.shape[-2]
    top, bottom, left, right = window
    if not is_open([sh, sw, h, w]):
        if pil_vertical_first(sh, sw, h, w, version):
            down = pass_in_graph(x, h, filter_, top, bottom, True)
            return pass_in_graph(down, w, filter_, left, right, False)
        across = pass_in_graph(x, w, filter_, left, right, False)
        return pass_in_graph(across, h, filter_, top, bottom, True)
    height = torch.full([], sh, dtype=torch.int64, device=x.device)
    width = torch.full([], sw, dtype=torch.int64, device=x.device)
    if version < 13:
        vertical_first = (height > 100 * width) & (height > h)
    else:
        vertical_first = (height > h) & (height - h > 2 * (width - w))
    down = pass_in_graph(x, h, filter_, top, bottom, True)
    across = pass_in_graph(x, w, filter_, left, right, False)
    return torch.where(
        vertical_first,
        pass_in_graph(down, w, filter_, left, right, False),
        pass_in_graph(across, h, filter_, top, bottom, True),
    )


def pass_in_graph(
    x: torch.Tensor, target: int, filter_: str, first: int, end: int, down: bool
) -> torch.Tensor:
    """Some rows or columns of a pass: of uint8 in units of 2**-22, of float32 in float64."""
    axis = -3 if down else -2
    source = x.shape[axis]
    open_ = is_open([source, target])
    if not open_ and source == target:
        return x.narrow(axis, first, end - first).clone()
    if x.dtype == torch.uint8:  # to the same size it changes nothing
        index, whole = pil_table(source, target, filter_, x.device)
        index, whole = some_of_axis(index, 1, first, end), some_of_axis(whole, 1, first, end)
        total = taps_gathered(x, index, whole, down)
        return ((total + (1 << 21)) >> 22).clamp(0, 255).to(torch.uint8)
    index, weights, used = pil_weights(source, target, filter_, x.device)
    index, weights = some_of_axis(index, 1, first, end), some_of_axis(weights, 1, first, end)
    used = some_of_axis(used, 1, first, end)
    taken = weighed_taps(x, index, weights, down)
    taken = torch.where(used.reshape(list(used.shape) + [1] * (x.dim() - 1)), taken, 0.0)
    total = taken.cumsum(0)[-1] + 0.0  # one by one, from a plain zero on
    found = total.to(torch.float32).movedim(0, axis)
    if not open_:
        return found
    rows = torch.arange(first, end, device=x.device).clamp(max=source - 1)
    apart = torch.full([], source - target, dtype=torch.int64, device=x.device)
    return torch.where(apart == 0, x.index_select(axis, rows), found)
