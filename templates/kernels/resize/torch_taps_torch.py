import torch

from kernels.graphs.exact_number_torch import ratio
from kernels.resize.pil_table_torch import pil_weights


def torch_taps(
    source: int, target: int, filter_: str, antialias: bool, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """By tap the source index of each target pixel and its 16-bit weight, and the unit of these.

    That is as large a power of 2 as the largest weight leaves room for.
    """
    if antialias:
        index, weights, _ = pil_weights(source, target, filter_, device)
    else:
        index, weights = torch_near(source, target, filter_, torch.float64, device)
    units: list[float] = []
    for power in range(23):
        units.append(2.0**power)
    powers = torch.tensor(units, dtype=torch.float64, device=device)
    bits = ((weights.max() * powers[1:] + 0.5).trunc() < 1 << 15).sum()
    unit = powers.index_select(0, bits.reshape(1))
    scaled = weights * unit
    whole = torch.where(scaled < 0, scaled - 0.5, scaled + 0.5).trunc()
    return index, whole.to(torch.int32), unit


def torch_near(
    source: int, target: int, filter_: str, places: torch.dtype, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """By tap the 2 or 4 pixels next to each place, and weights; the edge gets those outside.

    `places` is the dtype in which torch computes where the target pixels lie.
    """
    scale = ratio(source, target, device).to(places).to(torch.float64)
    place = (torch.arange(target, dtype=torch.float64, device=device) + 0.5) * scale - 0.5
    place = place.to(places).to(torch.float64)
    if filter_ == "bilinear":
        place = place.clamp(min=0)
    left = place.floor().clamp(max=source - 1)
    rest = (place - left).clamp(0, 1)
    first, near = left, [1 - rest, rest]
    if filter_ == "bicubic":
        near = [cubic_75(1 + rest), cubic_75(rest), cubic_75(1 - rest), cubic_75(2 - rest)]
        first = left - 1
    start = first.clamp(min=0)
    weights: list[torch.Tensor] = []
    for tap in range(len(near)):
        weight = torch.zeros_like(place)
        for k in range(len(near)):
            at = (first + k).clamp(0, source - 1) - start
            weight = weight + torch.where(at == tap, near[k], torch.zeros_like(place))
        weights.append(weight)
    taps = torch.arange(len(near), device=device)[:, None]
    return (start.to(torch.int64) + taps).clamp(max=source - 1), torch.stack(weights)


def cubic_75(x: torch.Tensor) -> torch.Tensor:
    """The cubic convolution of a = -0.75 at distances below 2."""
    near = (1.25 * x - 2.25) * x * x + 1
    return torch.where(x < 1, near, ((-0.75 * x + 3.75) * x - 6.0) * x + 3.0)
