import torch

from kernels.graphs.exact_number_torch import ratio
from kernels.graphs.open_sizes_torch import is_open
from kernels.resize.halved_torch import halved
from kernels.resize.interpolation_lines_torch import (
    interpolation_lines,
    interpolation_tables,
    tables_of_all,
)
from kernels.resize.row_strips_torch import row_strips
from kernels.runtime.remembered_torch import remembered


def cv2_linear_exact(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_LINEAR_EXACT on uint8, in weights of 8 bits, in strips of rows."""
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    if not is_open([sh, sw, h, w]):  # these are shorter, and have the same bits
        if sh == h and sw == w:
            return x.clone()
        if sh == 2 * h and sw == 2 * w:
            return halved(x)
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        tables = cv2_linear_exact_tables(sh, sw, channels, h, w, x.device)
    else:
        tables = remembered(cv2_linear_exact_tables, sh, sw, channels, h, w, x.device)
    lines = x.reshape(-1, sw * channels)
    pictures = lines.shape[0] // sh
    tables = tables_of_all(tables, pictures, sh, 0, h)
    b = tables[1]
    out = x.new_empty([pictures * h, channels * w])
    parts = row_strips(pictures, h, channels * w, 0, sh, h, 1, x.device)
    for start, stop, first, end in parts:
        upper, lower = interpolation_lines(lines, tables, start, stop, (first, end), 0)
        upper *= b[0, start:stop]
        upper.addcmul_(lower, b[1, start:stop])
        upper += 1 << 15
        upper >>= 16
        out[start:stop] = upper
    return out.reshape(list(x.shape[:-3]) + [h, channels, w]).transpose(-1, -2)


def cv2_linear_exact_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Source indices and weights, as `interpolation_lines` takes them."""
    rows, columns = cv2_linear_exact_taps(sh, h, device), cv2_linear_exact_taps(sw, w, device)
    return interpolation_tables(sh, sw, channels, rows, columns)


def cv2_linear_exact_taps(
    source: int, target: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The left source pixel of each target pixel, the weight of it and of the next."""
    i = torch.arange(target, dtype=torch.float64, device=device)
    place = (i + 0.5) * (1 / ratio(target, source, device)) - 0.5
    left = place.floor()
    weight = ((place - left) * 256).round().to(torch.int32)
    return left.to(torch.int64), 256 - weight, weight
