import numpy as np

from kernels.boxes.cosine_sine_numpy import cosine_sine


def polygon_shares(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The intersection over union of one rotated box [5] with others [n, 5], float32.

    In the frame of the one box, which is upright there, the area that both have is the integral of
    the others' sides: over y within its height, of x cut to its width. Those that are far away are
    not looked at.
    """
    proper = is_proper(boxes) & is_proper(box)
    one = np.where(proper.any(), box.astype(np.float64), 0.0)
    others = boxes.astype(np.float64)
    dx, dy = others[:, 0] - one[0], others[:, 1] - one[1]
    reach = 0.5 * ((one[2] + one[3]) + (others[:, 2] + others[:, 3]))
    near = np.flatnonzero(proper & (dx * dx + dy * dy <= reach * reach))
    found = np.zeros(len(boxes), np.float32)
    others, dx, dy = others[near], dx[near], dy[near]
    cos_one, sin_one = cosine_sine(one[4])
    cos, sin = cosine_sine(others[:, 4])
    u, v = dx * cos_one + dy * sin_one, dy * cos_one - dx * sin_one
    c, s = cos * cos_one + sin * sin_one, sin * cos_one - cos * sin_one
    half_w, half_h = 0.5 * others[:, 2], 0.5 * others[:, 3]
    wx, wy, hx, hy = half_w * c, half_w * s, -half_h * s, half_h * c
    xs = np.stack([u + wx + hx, u + wx - hx, u - wx - hx, u - wx + hx])
    ys = np.stack([v + wy + hy, v + wy - hy, v - wy - hy, v - wy + hy])
    sides = under(xs, ys, np.roll(xs, -1, 0), np.roll(ys, -1, 0), 0.5 * one[2], 0.5 * one[3])
    both = np.abs((sides[0] + sides[1]) + (sides[2] + sides[3]))
    area_one, areas = one[2] * one[3], others[:, 2] * others[:, 3]
    both = np.where(both > 1e-9 * np.minimum(area_one, areas), both, 0.0)
    found[near] = both / ((area_one + areas) - both)
    return found


def under(
    x1: np.ndarray, y1: np.ndarray, x2: np.ndarray, y2: np.ndarray, w: np.ndarray, h: np.ndarray
) -> np.ndarray:
    """The integral over y from -h to h, along a side, of x + w where x is cut to -w and w."""
    rise = y2 - y1
    slope = (x2 - x1) / np.where(rise == 0, 1.0, rise)
    ya, yb = np.clip(y1, -h, h), np.clip(y2, -h, h)
    xa, xb = x1 + (ya - y1) * slope, x1 + (yb - y1) * slope
    low, high = np.minimum(xa, xb), np.maximum(xa, xb)
    low_in, high_in = np.clip(low, -w, w), np.clip(high, -w, w)
    beyond = np.maximum(high - np.maximum(low, w), 0.0)
    area = (high_in - low_in) * (0.5 * (high_in + low_in) + w) + beyond * (2 * w)
    span = high - low
    mean = np.where(span > 0, area / np.where(span > 0, span, 1.0), low_in + w)
    return (yb - ya) * mean


def is_proper(boxes: np.ndarray) -> np.ndarray:
    """Whether rotated boxes have an area: all numbers are finite, and both sides above 0."""
    finite = np.isfinite(boxes).all(-1) & (np.abs(boxes[..., 4]) <= 1e5)
    found: np.ndarray = finite & (boxes[..., 2] > 0) & (boxes[..., 3] > 0)
    return found


def probiou_shares(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """One minus the Hellinger distance of the Gaussians of one box [5] and of others, float32."""
    eps = 1e-7
    proper = is_proper(boxes) & is_proper(box)
    none = np.array([0.0, 0, 1, 1, 0])
    one = np.where(proper.any(), box.astype(np.float64), none)
    others = np.where(proper[:, None], boxes.astype(np.float64), none)
    a1, b1, c1 = covariance(one)
    a2, b2, c2 = covariance(others)
    dx, dy = others[:, 0] - one[0], others[:, 1] - one[1]
    a, b, c = a1 + a2, b1 + b2, c1 + c2
    whole = a * b - c * c
    near = 0.25 * ((a * (dy * dy) + b * (dx * dx)) - 2 * (c * (dx * dy))) / (whole + eps)
    first, second = np.maximum(a1 * b1 - c1 * c1, 0.0), np.maximum(a2 * b2 - c2 * c2, 0.0)
    roots = np.sqrt(first) * np.sqrt(second)
    alike = 0.5 * np.log(whole / (4 * roots + eps) + eps)
    distance = np.clip(near + alike, eps, 100.0)
    share = 1 - np.sqrt((1 - np.exp(-distance)) + eps)
    return np.where(proper, share, 0.0).astype(np.float32)


def covariance(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the Gaussians of rotated boxes: the variances of x and y, and their covariance."""
    cos, sin = cosine_sine(boxes[..., 4])
    w, h = boxes[..., 2] * boxes[..., 2] / 12, boxes[..., 3] * boxes[..., 3] / 12
    return (
        w * (cos * cos) + h * (sin * sin),
        w * (sin * sin) + h * (cos * cos),
        (w - h) * (cos * sin),
    )
