import torch

from kernels.resize.taps_pass_torch import taps_across, taps_down
from kernels.resize.torch_taps_torch import torch_taps
from kernels.runtime.remembered_torch import remembered


def torch_resize_u8(
    x: torch.Tensor, h: int, w: int, mode: str, antialias: bool = False
) -> torch.Tensor:
    """What torch's interpolation of uint8 gives on a processor, for devices that have none."""
    sh, sw = x.shape[-3], x.shape[-2]
    if sw != w:
        index, weights = torch_table(sw, w, mode, antialias, x.device)
        x = taps_across(x, index, weights, mode)
    if sh != h:
        index, weights = torch_table(sh, h, mode, antialias, x.device)
        x = taps_down(x, index, weights, mode)
    return x


def torch_table(
    source: int, target: int, mode: str, antialias: bool, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """By tap the source index of each target pixel, and its weight [taps, n, 1] of 2**-22."""
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        return torch_table_made(source, target, mode, antialias, device)
    return remembered(torch_table_made, source, target, mode, antialias, device)


def torch_table_made(
    source: int, target: int, mode: str, antialias: bool, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The same, computed."""
    index, weights, unit = torch_taps(source, target, mode, antialias, device)
    return index, (weights * (float(1 << 22) / unit)).to(torch.int32)[:, :, None]
