import torch

from kernels.geometry.placement import Placement
from kernels.resize.pil_table_torch import pil_weights
from kernels.resize.pil_vertical_first import pil_vertical_first
from kernels.resize.strip_size_torch import strip_size
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
    top, bottom, left, right = window_of(part, h, w)
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
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        index, weights, used = pil_weights(x.shape[-3], target, filter_, x.device)
    else:
        index, weights, used = remembered(pil_weights, x.shape[-3], target, filter_, x.device)
    leading, rest = list(x.shape[:-3]), list(x.shape[-2:])
    out = torch.empty(leading + [end - first] + rest, dtype=torch.float32, device=x.device)
    step = strip_size(end - first, out[..., 0, :, :].numel(), x.device)
    for low in range(first, end, step):
        high = min(low + step, end)
        total = torch.zeros(leading + [high - low] + rest, dtype=torch.float64, device=x.device)
        for tap in range(index.shape[0]):
            taken = x.index_select(-3, index[tap, low:high]).to(torch.float64)
            taken *= weights[tap, low:high, None, None]
            total += taken.masked_fill_(~used[tap, low:high, None, None], 0.0)
        out[..., low - first : high - first, :, :] = total
    return out
