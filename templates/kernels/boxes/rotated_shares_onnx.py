from procdsl.codegen.onnx.axes import one, smallest, squeeze, unsqueeze
from procdsl.codegen.onnx.graph import Tensor, constant
from procdsl.codegen.onnx.operators import clip, exp, log, maximum, minimum, square_root, where

from .cosine_sine_onnx import cosine_sine


def polygon_shares(box: Tensor, boxes: Tensor) -> Tensor:
    """The intersection over union of a rotated box [1, 5] with others [n, 5], float32.

    In the frame of the one box, which is upright there, the area that both have is the integral of
    the others' sides: over y within its height, of x cut to its width.
    """
    proper = is_proper(boxes) & is_proper(box)
    x, y, w, h, angle = (one(known(box, 0.0), at, -1) for at in range(5))
    x2, y2, w2, h2, angle2 = (one(known(boxes, 0.0), at, -1) for at in range(5))
    cos_one, sin_one = cosine_sine(angle)
    cos, sin = cosine_sine(angle2)
    dx, dy = x2 - x, y2 - y
    reach = ((w + h) + (w2 + h2)) * 0.5
    near = dx * dx + dy * dy <= reach * reach
    u, v = dx * cos_one + dy * sin_one, dy * cos_one - dx * sin_one
    c, s = cos * cos_one + sin * sin_one, sin * cos_one - cos * sin_one
    half_w, half_h = w2 * 0.5, h2 * 0.5
    wx, wy, hx, hy = half_w * c, half_w * s, -half_h * s, half_h * c
    xs = [u + wx + hx, u + wx - hx, u - wx - hx, u - wx + hx]
    ys = [v + wy + hy, v + wy - hy, v - wy - hy, v - wy + hy]
    sides = [under(xs[i], ys[i], xs[i - 3], ys[i - 3], w * 0.5, h * 0.5) for i in range(4)]
    both = abs((sides[0] + sides[1]) + (sides[2] + sides[3]))
    area, areas = w * h, w2 * h2
    both = where(both > minimum(area, areas) * 1e-9, both, 0.0)
    share = both / where(proper, (area + areas) - both, 1.0)
    return where(near & proper, share, 0.0).cast("f32")


def under(x1: Tensor, y1: Tensor, x2: Tensor, y2: Tensor, w: Tensor, h: Tensor) -> Tensor:
    """The integral over y from -h to h, along a side, of x + w where x is cut to -w and w."""
    rise = y2 - y1
    slope = (x2 - x1) / where(rise.equals(0), 1.0, rise)
    ya, yb = clip(y1, -h, h), clip(y2, -h, h)
    xa, xb = x1 + (ya - y1) * slope, x1 + (yb - y1) * slope
    low, high = minimum(xa, xb), maximum(xa, xb)
    low_in, high_in = clip(low, -w, w), clip(high, -w, w)
    beyond = maximum(high - maximum(low, w), 0.0)
    area = (high_in - low_in) * ((high_in + low_in) * 0.5 + w) + beyond * (w * 2.0)
    span = high - low
    mean = where(span > 0, area / where(span > 0, span, 1.0), low_in + w)
    return (yb - ya) * mean


def is_proper(boxes: Tensor) -> Tensor:
    """Whether rotated boxes [n, 5] have an area: all numbers are finite, and both sides above 0."""
    most = constant([3.4028234663852886e38] * 4 + [1e5], "f32")
    finite = squeeze(smallest((abs(boxes) <= most).cast("u8"), [-1]), -1) > 0
    return finite & (one(boxes, 2, -1) > 0) & (one(boxes, 3, -1) > 0)


def known(boxes: Tensor, side: float) -> Tensor:
    """Boxes in float64, with one of these sides for each that has no area."""
    none = constant([0.0, 0.0, side, side, 0.0], "f64")
    return where(unsqueeze(is_proper(boxes), -1), boxes.cast("f64"), none)


def probiou_shares(box: Tensor, boxes: Tensor) -> Tensor:
    """One minus the Hellinger distance of the Gaussians of a box [1, 5] and of others, float32."""
    eps = 1e-7
    proper = is_proper(boxes) & is_proper(box)
    first, others = known(box, 1.0), known(boxes, 1.0)
    a1, b1, c1 = covariance(first)
    a2, b2, c2 = covariance(others)
    dx, dy = one(others, 0, -1) - one(first, 0, -1), one(others, 1, -1) - one(first, 1, -1)
    a, b, c = a1 + a2, b1 + b2, c1 + c2
    whole = a * b - c * c
    near = ((a * (dy * dy) + b * (dx * dx)) - (c * (dx * dy)) * 2.0) * 0.25 / (whole + eps)
    spread = [maximum(x, 0.0) for x in (a1 * b1 - c1 * c1, a2 * b2 - c2 * c2)]
    roots = square_root(spread[0]) * square_root(spread[1])
    alike = log(whole / (roots * 4.0 + eps) + eps) * 0.5
    distance = clip(near + alike, eps, 100.0)
    share = 1 - square_root((1 - exp(-distance)) + eps)
    return where(proper, share, 0.0).cast("f32")


def covariance(boxes: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Of the Gaussians of rotated boxes: the variances of x and y, and their covariance."""
    cos, sin = cosine_sine(one(boxes, 4, -1))
    w, h = one(boxes, 2, -1), one(boxes, 3, -1)
    w, h = w * w / 12.0, h * h / 12.0
    return (
        w * (cos * cos) + h * (sin * sin),
        w * (sin * sin) + h * (cos * cos),
        (w - h) * (cos * sin),
    )
