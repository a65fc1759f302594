import torch

from kernels.torch.halved import halved
from kernels.torch.interpolated import interpolated
from kernels.torch.weights_11_bit import weights_11_bit


def cv2_area(x: torch.Tensor, h: int, w: int) -> torch.Tensor:
    """OpenCV's INTER_AREA on uint8."""
    sh, sw = x.shape[0], x.shape[1]
    if sh == h and sw == w:
        return x.clone()
    if h > sh or w > sw:
        return interpolated(x, cv2_area_places(sh, h, x), cv2_area_places(sw, w, x))
    if sh == 2 * h and sw == 2 * w:
        return halved(x)
    if sh % h == 0 and sw % w == 0:
        fy, fx = sh // h, sw // w
        blocks = x.reshape(h, fy, w, fx, -1)
        total = blocks.sum([1, 3], dtype=torch.int32).to(torch.float32)
        mean = (total * (1 / (fy * fx))).round().to(torch.uint8)
        return mean.reshape([h, w] + list(x.shape[2:]))
    across = cv2_area_pass(x.to(torch.float32).transpose(0, 1), w).transpose(0, 1)
    down = cv2_area_pass(across, h)
    return down.round().clamp(0, 255).to(torch.uint8)


def cv2_area_pass(x: torch.Tensor, target: int) -> torch.Tensor:
    """Weighted sums of float32 along the first axis, added in the order of the taps."""
    index, weight = cv2_area_taps(x.shape[0], target, x)
    shape = [target] + [1] * (x.dim() - 1)
    total = x.index_select(0, index[0]) * weight[0].reshape(shape)
    for tap in range(1, index.shape[0]):
        total += x.index_select(0, index[tap]) * weight[tap].reshape(shape)
    return total


def cv2_area_taps(
    source: int, target: int, like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """For each tap and target pixel a source index and a weight; unused taps have weight 0."""
    scale = 1 / (target / source)
    start = torch.arange(target, dtype=torch.float64, device=like.device) * scale
    end = start + scale
    cell = (source - start).clamp(max=scale)
    last = end.floor().clamp(max=source - 1)
    first = torch.minimum(start.ceil(), last)
    head = first - start > 1e-3
    tail = end - last > 1e-3
    taps = torch.arange(int(scale) + 3, device=like.device)[:, None]
    index = first - head.to(torch.float64) + taps
    zero = torch.zeros_like(index)
    weight = torch.where(index < last, 1.0 / cell, zero)
    weight = torch.where((taps == 0) & head, (first - start) / cell, weight)
    rest = torch.minimum((end - last).clamp(max=1.0), cell) / cell
    weight = torch.where((index == last) & tail, rest, weight)
    return index.to(torch.int64).clamp(0, source - 1), weight.to(torch.float32)


def cv2_area_places(
    source: int, target: int, like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """For an enlargement: the source pixel of each target pixel, and two weights."""
    inverse = target / source
    i = torch.arange(target, dtype=torch.float64, device=like.device)
    left = (i * (1 / inverse)).floor()
    fraction = ((i + 1) - (left + 1) * inverse).to(torch.float32)
    fraction = torch.where(fraction <= 0, torch.zeros_like(fraction), fraction - fraction.floor())
    a0, a1 = weights_11_bit(fraction)
    return left.to(torch.int64), a0, a1
