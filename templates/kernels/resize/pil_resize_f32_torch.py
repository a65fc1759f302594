import torch

from kernels.geometry.placement import Placement
from kernels.resize.pil_in_graph_torch import pil_in_graph
from kernels.resize.pil_table_torch import pil_weights
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.strips_torch import strips
from kernels.resize.window_of import window_of
from kernels.runtime.remembered_torch import remembered


def pil_resize_f32(
    x: torch.Tensor,
    h: int,
    w: int,
    filter_: str,
    version: int = 13,
    part: Placement | None = None,
) -> torch.Tensor:
    """Pillow's antialiased resize of float32, each channel an image of mode F, or a part of it."""
    sh, sw = x.shape[-3], x.shape[-2]
    window = window_of(part, h, w)
    top, bottom, left, right = window
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        return pil_in_graph(x, h, w, filter_, version, window)
    if sh == h and sw == w:
        return x[..., top:bottom, left:right, :].clone()
    vertical_first = pil_vertical_first(sh, sw, h, w, version)
    for down in [vertical_first, not vertical_first]:
        if down:
            x = pil_pass_f32(x, h, filter_, top, bottom)
        else:
            x = pil_pass_f32(x.transpose(-3, -2), w, filter_, left, right).transpose(-3, -2)
    return x


def pil_pass_f32(x: torch.Tensor, target: int, filter_: str, first: int, end: int) -> torch.Tensor:
    """Some target rows: sums in float64 in the order of the taps, in strips."""
    if x.shape[-3] == target:
        return x[..., first:end, :, :]
    if torch.jit.is_scripting():
        index, weights, used = pil_weights(x.shape[-3], target, filter_, x.device)
    else:
        index, weights, used = remembered(pil_weights, x.shape[-3], target, filter_, x.device)
    leading, rest = list(x.shape[:-3]), list(x.shape[-2:])
    out = x.new_empty(leading + [end - first] + rest)
    index, weights, used = index[:, first:end], weights[:, first:end], used[:, first:end]
    for low, high in strips(end - first, out[..., :1, :, :].numel(), x.device):
        total = x.new_zeros(leading + [high - low] + rest, dtype=torch.float64)
        for tap in range(index.shape[0]):
            taken = x.index_select(-3, index[tap, low:high]).to(torch.float64)
            taken *= weights[tap, low:high, None, None]
            total += taken.masked_fill_(~used[tap, low:high, None, None], 0.0)
        out[..., low:high, :, :] = total
    return out
