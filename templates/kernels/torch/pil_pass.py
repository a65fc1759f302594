import torch


def pil_pass(x: torch.Tensor, target: int, axis: int, filter_: str) -> torch.Tensor:
    """One pass of uint8 over the first or second axis, in Pillow's 22-bit fixed point."""
    source = x.shape[axis]
    if source == target:
        return x
    start, weights = pil_weights(source, target, filter_, x)
    shape = [1] * x.dim()
    shape[axis] = target
    total = torch.zeros(0, dtype=torch.int32, device=x.device)
    for tap in range(weights.shape[0]):
        index = (start + tap).clamp(max=source - 1)
        lines = x.index_select(axis, index).to(torch.int32).mul_(weights[tap].reshape(shape))
        total = lines if tap == 0 else total.add_(lines)
    return ((total + (1 << 21)) >> 22).clamp(0, 255).to(torch.uint8)


def pil_weights(
    source: int, target: int, filter_: str, like: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The first source pixel of each target pixel, and by tap the weights from there on."""
    support = 1.0 if filter_ == "bilinear" else 2.0
    scale = source / target
    widening = max(scale, 1.0)
    i = torch.arange(target, dtype=torch.float64, device=like.device)
    center = (i + 0.5) * scale
    start = (center - support * widening + 0.5).trunc().clamp(min=0)
    end = (center + support * widening + 0.5).trunc().clamp(max=source)
    count = pil_taps(source, target, support * widening)
    taps = torch.arange(count, dtype=torch.float64, device=like.device)[:, None]
    place = ((taps + start - center + 0.5) * (1.0 / widening)).abs()
    weights = pil_filter(place, filter_)
    weights = torch.where(taps < end - start, weights, torch.zeros_like(weights))
    total = torch.zeros_like(center)
    for tap in range(weights.shape[0]):
        total += weights[tap]
    scaled = weights / torch.where(total == 0.0, torch.ones_like(total), total) * float(1 << 22)
    rounded = (scaled + torch.full_like(scaled, 0.5).copysign(scaled)).trunc()
    return start.to(torch.int64), rounded.to(torch.int32)


def pil_taps(source: int, target: int, reach: float) -> int:
    """The most source pixels that a target pixel needs."""
    count, scale = 0, source / target
    for i in range(target):
        center = (i + 0.5) * scale
        count = max(
            count, min(source, int(center + reach + 0.5)) - max(0, int(center - reach + 0.5))
        )
    return count


def pil_filter(x: torch.Tensor, filter_: str) -> torch.Tensor:
    """The filter's value at a distance."""
    if filter_ == "bilinear":
        return (1.0 - x).clamp(min=0.0)
    near = (1.5 * x - 2.5) * x * x + 1
    far = (((x - 5) * x + 8) * x - 4) * -0.5
    return torch.where(x < 1.0, near, torch.where(x < 2.0, far, torch.zeros_like(x)))
