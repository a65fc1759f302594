import torch

from kernels.graphs.open_sizes_torch import is_open
from kernels.graphs.where_sizes_torch import corner, where_sizes
from kernels.resize.taps_gathered_torch import taps_gathered
from kernels.resize.torch_planes_torch import torch_planes
from kernels.resize.torch_taps_torch import torch_near, torch_taps


def torch_in_graph(x: torch.Tensor, h: int, w: int, mode: str, antialias: bool) -> torch.Tensor:
    """torch's own interpolation of [..., h, w, c], as a graph computes it.

    Its own call may become another one there, which rounds in another way, so what it does on a
    processor is written out, but for antialiasing of float32.
    """
    sh, sw, c = x.shape[-3], x.shape[-2], x.shape[-1]
    open_ = is_open([sh, sw, h, w])
    if not open_ and sh == h and sw == w:
        return x.clone()
    picks = mode == "nearest" or mode == "nearest-exact"
    if x.dtype == torch.uint8 and not picks:
        across = rounded_16_bit(x, w, mode, antialias, False)
        return rounded_16_bit(across, h, mode, antialias, True)
    if picks or antialias:
        planes = x.reshape(-1, sh, sw, c).permute(0, 3, 1, 2)
        found = torch_planes(planes, h, w, mode, antialias).permute(0, 2, 3, 1)
        found = found.reshape(list(x.shape[:-3]) + [h, w, c])
    else:
        index, weights = torch_near(sw, w, mode, torch.float32, x.device)
        across = taps_gathered(x, index, weights, False)
        index, weights = torch_near(sh, h, mode, torch.float32, x.device)
        found = taps_gathered(across, index, weights, True).to(torch.float32)
    return where_sizes(x, h, w, corner(x, h, w), found) if open_ and not picks else found


def rounded_16_bit(
    x: torch.Tensor, target: int, filter_: str, antialias: bool, down: bool
) -> torch.Tensor:
    """A pass of uint8 in 16-bit weights, rounded half up."""
    source = x.shape[-3] if down else x.shape[-2]
    index, weights, unit = torch_taps(source, target, filter_, antialias, x.device)
    total = taps_gathered(x, index, weights, down).to(torch.float64)
    return (total / unit + 0.5).floor().clamp(0, 255).to(torch.uint8)
