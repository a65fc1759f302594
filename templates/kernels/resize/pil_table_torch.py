import torch

from kernels.graphs.exact_number_torch import exact_number, ratio
from kernels.resize.filter_support import filter_support
from kernels.resize.filter_windows_torch import filter_taps, filter_windows
from kernels.runtime.remembered_torch import remembered


def pil_table(
    source: int, target: int, filter_: str, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """By tap the source index of each target pixel, and its weight in units of 2**-22."""
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        return pil_table_made(source, target, filter_, device)
    return remembered(pil_table_made, source, target, filter_, device)


def pil_table_made(
    source: int, target: int, filter_: str, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """The same, computed."""
    index, weights, _ = pil_weights(source, target, filter_, device)
    scaled = weights * float(1 << 22)
    whole = torch.where(scaled < 0, scaled - 0.5, scaled + 0.5).trunc()
    return index, whole.to(torch.int32)


def pil_weights(
    source: int, target: int, filter_: str, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """By tap the source index of each target pixel, its weight, and whether it counts at all."""
    center, start, end = filter_windows(source, target, filter_, device)
    most = filter_taps(source, target, filter_)
    taps = torch.arange(most, dtype=torch.float64, device=device)[:, None]
    place = (taps + start - center + 0.5) * (1.0 / ratio(source, target, device).clamp(min=1.0))
    weights = filter_values(place, filter_)
    weights = torch.where(taps < end - start, weights, torch.zeros_like(weights))
    total = weights.cumsum(0)[-1]  # added one by one, from the first on
    weights = weights / torch.where(total == 0.0, torch.ones_like(total), total)
    index = (start + taps).clamp(max=source - 1)
    return index.to(torch.int64), weights, taps < end - start


def filter_values(x: torch.Tensor, filter_: str) -> torch.Tensor:
    """A filter of Pillow at these places."""
    if filter_ == "box":
        return ((x > -0.5) & (x <= 0.5)).to(x.dtype)
    x = x.abs()
    if filter_ == "bilinear":
        return (1.0 - x).clamp(min=0.0)
    if filter_ == "bicubic":
        near = (1.5 * x - 2.5) * x * x + 1
        far = (((x - 5) * x + 8) * x - 4) * -0.5
        return torch.where(x < 1.0, near, torch.where(x < 2.0, far, torch.zeros_like(x)))
    one = torch.ones_like(x)
    pi = exact_number(3.141592653589793, x.device)
    angle = torch.where(x == 0.0, one, x * pi)
    wave = angle.sin() / angle
    if filter_ == "hamming":  # its constants are float32 in Pillow
        wave = wave * (0.5400000214576721 + 0.46000000834465027 * angle.cos())
    else:
        third = torch.where(x == 0.0, one, x / 3 * pi)
        wave = wave * (third.sin() / third)
    wave = torch.where(x < filter_support(filter_), wave, torch.zeros_like(x))
    return torch.where(x == 0.0, one, wave)
