import torch

from kernels.resize.pil_table_torch import pil_weights
from kernels.resize.taps_pass_torch import taps_across, taps_down
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
    """By tap the source index of each target pixel, and its weight in units of 2**-22."""
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        return torch_table_made(source, target, mode, antialias, device)
    return remembered(torch_table_made, source, target, mode, antialias, device)


def torch_table_made(
    source: int, target: int, mode: str, antialias: bool, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The same, computed: weights of 16 bits, of which the largest leaves some for fractions."""
    if antialias:
        index, weights, _ = pil_weights(source, target, mode, device)
    else:
        index, weights = torch_near(source, target, mode, device)
    largest, bits = float(weights.max()), 0
    while bits < 22 and int(0.5 + largest * float(1 << (bits + 1))) < 1 << 15:
        bits += 1
    scaled = weights * float(1 << bits)
    whole = (scaled + torch.full_like(scaled, 0.5).copysign(scaled)).trunc()
    return index, whole.to(torch.int32) << (22 - bits)


def torch_near(
    source: int, target: int, mode: str, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The 2 or 4 pixels next to each place, and their weights; the edge gets those outside."""
    i = torch.arange(target, dtype=torch.float64, device=device)
    place = (i + 0.5) * (source / target) - 0.5
    if mode == "bilinear":
        place = place.clamp(min=0.0)
    left = place.floor().clamp(max=source - 1)
    rest = (place - left).clamp(0.0, 1.0)
    if mode == "bilinear":
        at, weights = [left, left + 1], [1 - rest, rest]
    else:
        at = [left - 1, left, left + 1, left + 2]
        weights = [cubic_75(1 + rest), cubic_75(rest), cubic_75(1 - rest), cubic_75(2 - rest)]
    index = torch.stack(at).clamp(0, source - 1).to(torch.int64)
    return index, gathered_at(index, torch.stack(weights))


def gathered_at(index: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Weights of which those of one source pixel are added, in the first tap that names it."""
    taps = weights.shape[0]
    found = torch.zeros_like(weights)
    for tap in range(taps):
        first = torch.full_like(index[0], tap)
        for before in range(tap - 1, -1, -1):
            first = torch.where(index[before] == index[tap], torch.full_like(first, before), first)
        found.scatter_add_(0, first[None], weights[tap][None])
    return found


def cubic_75(x: torch.Tensor) -> torch.Tensor:
    """The cubic convolution of a = -0.75 at distances below 2."""
    near = (1.25 * x - 2.25) * x * x + 1
    return torch.where(x < 1, near, ((-0.75 * x + 3.75) * x - 6.0) * x + 3.0)
