import torch

from kernels.graphs.exact_number_torch import exact_number, ratio
from kernels.resize.row_strips_torch import row_strips
from kernels.resize.rows_of_all_torch import rows_of_all
from kernels.runtime.remembered_torch import remembered


def cv2_area_reduced(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """Weighted sums in float32, across and then down, added in the order of the taps, in strips.

    For uint8 they are rounded.
    """
    sh, sw, channels = x.shape[-3], x.shape[-2], x.shape[-1]
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows = cv2_area_taps(sh, h, 1, x.device)
        columns = cv2_area_taps(sw, w, channels, x.device)
    else:
        rows = remembered(cv2_area_taps, sh, h, 1, x.device)
        columns = remembered(cv2_area_taps, sw, w, channels, x.device)
    picked, a = columns
    lines = x.reshape(-1, sw * channels)
    pictures = lines.shape[0] // sh
    index, b = rows_of_all(rows[0], pictures, sh), rows[1].repeat(1, pictures)
    whole = x.dtype == torch.uint8
    out = x.new_empty([pictures * h, channels * w])
    parts = row_strips(pictures, h, channels * w, 0, sh, h, 1, x.device)
    for start, stop, first, end in parts:
        band, size = lines[first:end], [end - first, -1]
        across = band.gather(1, picked[0].expand(size)).to(torch.float32).mul_(a[0])
        for k in range(1, picked.shape[0]):
            taken = band.gather(1, picked[k].expand(size)).to(torch.float32).mul_(a[k])
            if not whole:  # an infinite pixel times 0 is none of the sum
                taken.masked_fill_(a[k] == 0, -0.0)
            across += taken
        if not whole:
            across += 0.0  # OpenCV adds to a zero, which leaves no -0.0
        at = (index[:, start:stop] - first).clamp(max=end - first - 1)
        weights = b[:, start:stop, None]
        total = across.index_select(0, at[0]).mul_(weights[0])
        for k in range(1, at.shape[0]):
            taken = across.index_select(0, at[k]).mul_(weights[k])
            if not whole:
                taken.masked_fill_(weights[k] == 0, -0.0)
            total += taken
        out[start:stop] = total.round_().clamp_(0, 255) if whole else total
    return out.reshape(list(x.shape[:-3]) + [h, channels, w]).transpose(-1, -2)


def cv2_area_taps(
    source: int, target: int, channels: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each tap and number of the target, by channel, a source index and a weight.

    Unused taps have weight 0.
    """
    scale = 1 / ratio(target, source, device)
    least = exact_number(1e-3, device)  # of a pixel, to be counted
    start = torch.arange(target, dtype=torch.float64, device=device) * scale
    end = start + scale
    cell = (source - start).minimum(scale)
    last = end.floor().clamp(max=source - 1)
    first = torch.minimum(start.ceil(), last)
    head = first - start > least
    tail = end - last > least
    taps = torch.arange(int(1 / (target / source)) + 3, device=device)[:, None]
    index = first - head.to(torch.float64) + taps
    zero = torch.zeros_like(index)
    weight = torch.where(index < last, 1.0 / cell, zero)
    weight = torch.where((taps == 0) & head, (first - start) / cell, weight)
    rest = torch.minimum((end - last).clamp(max=1.0), cell) / cell
    weight = torch.where((index == last) & tail, rest, weight)
    channel = torch.arange(channels, device=device)[:, None]
    places = index.to(torch.int64).clamp(0, source - 1)[:, None] * channels + channel
    return places.flatten(1), weight.to(torch.float32).repeat(1, channels)
