import torch


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
