import torch

from kernels.boxes.cosine_sine_torch import cosine_sine


def polygon_shares(box: torch.Tensor, boxes: torch.Tensor) -> torch.Tensor:
    """The intersection over union of rotated boxes [n, 1, 5] with others [n, m, 5], float32.

    Those that are far away are not looked at, but in a graph, whose shapes are known.
    """
    one, others = box.to(torch.float64), boxes.to(torch.float64)
    dx, dy = others[..., 0] - one[..., 0], others[..., 1] - one[..., 1]
    reach = 0.5 * ((one[..., 2] + one[..., 3]) + (others[..., 2] + others[..., 3]))
    near = is_proper(boxes) & is_proper(box) & (dx * dx + dy * dy <= reach * reach)
    if not torch.jit.is_scripting() and torch.compiler.is_compiling():
        one = torch.where(near[..., None], one, 0.0)
        share = shares_of_pairs(one, torch.where(near[..., None], others, 0.0))
        return torch.where(near, share, 0.0).to(torch.float32)
    sample, row = near.nonzero().unbind(1)
    found = torch.zeros(near.shape, dtype=torch.float32, device=boxes.device)
    found[sample, row] = shares_of_pairs(one[sample, 0], others[sample, row]).to(torch.float32)
    return found


def shares_of_pairs(one: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """The intersection over union of the boxes f64[..., 5] in the same places.

    In the frame of the one box, which is upright there, the area that both have is the integral of
    the other's sides: over y within its height, of x cut to its width.
    """
    x, y, w, h, angle = one.unbind(-1)
    cos_one, sin_one = cosine_sine(angle)
    cos, sin = cosine_sine(others[..., 4])
    dx, dy = others[..., 0] - x, others[..., 1] - y
    u, v = dx * cos_one + dy * sin_one, dy * cos_one - dx * sin_one
    c, s = cos * cos_one + sin * sin_one, sin * cos_one - cos * sin_one
    half_w, half_h = 0.5 * others[..., 2], 0.5 * others[..., 3]
    wx, wy, hx, hy = half_w * c, half_w * s, -half_h * s, half_h * c
    xs = torch.stack([u + wx + hx, u + wx - hx, u - wx - hx, u - wx + hx])
    ys = torch.stack([v + wy + hy, v + wy - hy, v - wy - hy, v - wy + hy])
    sides = under(xs, ys, xs.roll(-1, 0), ys.roll(-1, 0), 0.5 * w, 0.5 * h)
    both = ((sides[0] + sides[1]) + (sides[2] + sides[3])).abs()
    area, areas = w * h, others[..., 2] * others[..., 3]
    both = torch.where(both > 1e-9 * torch.minimum(area, areas), both, 0.0)
    return both / ((area + areas) - both)


def under(
    x1: torch.Tensor,
    y1: torch.Tensor,
    x2: torch.Tensor,
    y2: torch.Tensor,
    w: torch.Tensor,
    h: torch.Tensor,
) -> torch.Tensor:
    """The integral over y from -h to h, along a side, of x + w where x is cut to -w and w."""
    rise = y2 - y1
    slope = (x2 - x1) / torch.where(rise == 0, 1.0, rise)
    ya, yb = y1.clamp(-h, h), y2.clamp(-h, h)
    xa, xb = x1 + (ya - y1) * slope, x1 + (yb - y1) * slope
    low, high = torch.minimum(xa, xb), torch.maximum(xa, xb)
    low_in, high_in = low.clamp(-w, w), high.clamp(-w, w)
    beyond = (high - torch.maximum(low, w)).clamp(min=0.0)
    area = (high_in - low_in) * (0.5 * (high_in + low_in) + w) + beyond * (2 * w)
    span = high - low
    mean = torch.where(span > 0, area / torch.where(span > 0, span, 1.0), low_in + w)
    return (yb - ya) * mean


def is_proper(boxes: torch.Tensor) -> torch.Tensor:
    """Whether rotated boxes have an area: all numbers are finite, and both sides above 0."""
    finite = boxes.isfinite().all(-1) & (boxes[..., 4].abs() <= 1e5)
    return finite & (boxes[..., 2] > 0) & (boxes[..., 3] > 0)


def probiou_shares(box: torch.Tensor, boxes: torch.Tensor) -> torch.Tensor:
    """One minus the Hellinger distance of the Gaussians of rotated boxes [..., 1, 5] and others."""
    eps = 1e-7
    proper = is_proper(boxes) & is_proper(box)
    places = torch.arange(5, device=boxes.device)
    none = ((places == 2) | (places == 3)).to(torch.float64)  # a loop in a graph holds no constant
    one = torch.where(is_proper(box)[..., None], box.to(torch.float64), none)
    others = torch.where(is_proper(boxes)[..., None], boxes.to(torch.float64), none)
    a1, b1, c1 = covariance(one)
    a2, b2, c2 = covariance(others)
    dx, dy = others[..., 0] - one[..., 0], others[..., 1] - one[..., 1]
    a, b, c = a1 + a2, b1 + b2, c1 + c2
    whole = a * b - c * c
    near = 0.25 * ((a * (dy * dy) + b * (dx * dx)) - 2 * (c * (dx * dy))) / (whole + eps)
    first, second = (a1 * b1 - c1 * c1).clamp(min=0.0), (a2 * b2 - c2 * c2).clamp(min=0.0)
    roots = first.sqrt() * second.sqrt()
    alike = 0.5 * (whole / (4 * roots + eps) + eps).log()
    distance = (near + alike).clamp(eps, 100.0)
    share = 1 - ((1 - (-distance).exp()) + eps).sqrt()
    return torch.where(proper, share, 0.0).to(torch.float32)


def covariance(boxes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of the Gaussians of rotated boxes: the variances of x and y, and their covariance."""
    cos, sin = cosine_sine(boxes[..., 4])
    w, h = boxes[..., 2] * boxes[..., 2] / 12, boxes[..., 3] * boxes[..., 3] / 12
    return (
        w * (cos * cos) + h * (sin * sin),
        w * (sin * sin) + h * (cos * cos),
        (w - h) * (cos * sin),
    )
