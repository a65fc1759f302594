import torch

from kernels.torch.halved import halved
from kernels.torch.interpolated import interpolated
from kernels.torch.interpolation_lines import interpolation_tables
from kernels.torch.remembered import remembered
from kernels.torch.strip_size import strip_size
from kernels.torch.weights_11_bit import weights_11_bit, weights_of_columns


def cv2_area(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_AREA on uint8."""
    sh, sw = x.shape[0], x.shape[1]
    if sh == h and sw == w:
        return x.clone()
    if h > sh or w > sw:
        channels = x.shape[2] if x.dim() == 3 else 1
        if torch.jit.is_scripting() or torch.compiler.is_compiling():
            tables = cv2_area_tables(sh, sw, channels, h, w, x.device)
        else:
            tables = remembered(cv2_area_tables, sh, sw, channels, h, w, x.device)
        return interpolated(x, tables, 0, h)
    if sh == 2 * h and sw == 2 * w:
        return halved(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        blocks = x.reshape(h, fy, w, fx, -1)
        total = blocks.sum([1, 3], dtype=torch.int32).to(torch.float32)
        mean = (total * (1 / (fy * fx))).round().to(torch.uint8)
        return mean.reshape([h, w] + list(x.shape[2:]))
    return cv2_area_reduced(x, h, w)


def cv2_area_reduced(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """Weighted sums in float32, across and then down, added in the order of the taps, in strips."""
    image = x[:, :, None] if x.dim() == 2 else x
    sh, sw, channels = image.shape[0], image.shape[1], image.shape[2]
    if torch.jit.is_scripting() or torch.compiler.is_compiling():
        rows = cv2_area_taps(sh, h, 1, x.device)
        columns = cv2_area_taps(sw, w, channels, x.device)
    else:
        rows = remembered(cv2_area_taps, sh, h, 1, x.device)
        columns = remembered(cv2_area_taps, sw, w, channels, x.device)
    index, b = rows
    picked, a = columns
    out = torch.empty([h, channels * w], dtype=torch.uint8, device=x.device)
    step = strip_size(h, channels * w, x.device)
    for start in range(0, h, step):
        stop = min(start + step, h)
        first = max(0, int(start * (sh / h)) - 1)  # the rows that these need, and some more
        band = image[first : int(stop * (sh / h)) + 2]
        flat, size = band.reshape(band.shape[0], -1), [band.shape[0], -1]
        across = flat.gather(1, picked[0].expand(size)).to(torch.float32).mul_(a[0])
        for k in range(1, picked.shape[0]):
            across += flat.gather(1, picked[k].expand(size)).to(torch.float32).mul_(a[k])
        lines = (index[:, start:stop] - first).clamp(max=band.shape[0] - 1)
        weights = b[:, start:stop, None]
        total = across.index_select(0, lines[0]).mul_(weights[0])
        for k in range(1, lines.shape[0]):
            total += across.index_select(0, lines[k]).mul_(weights[k])
        out[start:stop] = total.round_().clamp_(0, 255)
    return out if x.dim() == 2 else out.reshape(h, channels, w).permute(0, 2, 1)


def cv2_area_taps(
    source: int, target: int, channels: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each tap and number of the target, by channel, a source index and a weight.

    Unused taps have weight 0.
    """
    scale = 1 / (target / source)
    start = torch.arange(target, dtype=torch.float64, device=device) * scale
    end = start + scale
    cell = (source - start).clamp(max=scale)
    last = end.floor().clamp(max=source - 1)
    first = torch.minimum(start.ceil(), last)
    head = first - start > 1e-3
    tail = end - last > 1e-3
    taps = torch.arange(int(scale) + 3, device=device)[:, None]
    index = first - head.to(torch.float64) + taps
    zero = torch.zeros_like(index)
    weight = torch.where(index < last, 1.0 / cell, zero)
    weight = torch.where((taps == 0) & head, (first - start) / cell, weight)
    rest = torch.minimum((end - last).clamp(max=1.0), cell) / cell
    weight = torch.where((index == last) & tail, rest, weight)
    channel = torch.arange(channels, device=device)[:, None]
    places = index.to(torch.int64).clamp(0, source - 1)[:, None] * channels + channel
    return places.flatten(1), weight.to(torch.float32).repeat(1, channels)


def cv2_area_tables(
    sh: int, sw: int, channels: int, h: int, w: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """For an enlargement source indices and weights, as `interpolated` takes them."""
    columns = weights_of_columns(sw, cv2_area_places(sw, w, device))
    return interpolation_tables(sh, sw, channels, cv2_area_places(sh, h, device), columns)


def cv2_area_places(
    source: int, target: int, device: torch.device
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """For an enlargement: the source pixel of each target pixel, and two weights."""
    inverse = target / source
    i = torch.arange(target, dtype=torch.float64, device=device)
    left = (i * (1 / inverse)).floor()
    fraction = ((i + 1) - (left + 1) * inverse).to(torch.float32)
    fraction = torch.where(fraction <= 0, torch.zeros_like(fraction), fraction - fraction.floor())
    return weights_11_bit(left.to(torch.int64), fraction)
