"""Rotated boxes as the ops take them, and their arithmetic in plain numpy."""

from __future__ import annotations

from math import factorial

from procdsl.lazy import np
from procdsl.opdef.errors import Problem
from procdsl.types.array import Array
from procdsl.types.value import Record, Type

SAYS = ("cxcywh", "radians")


def expect_rotated(boxes: Type, op: str) -> Array:
    """Rotated boxes f32[..., box=5], or a `Problem`."""
    fits = isinstance(boxes, Array) and boxes.kind == "rotated_boxes" and boxes.says == SAYS
    if isinstance(boxes, Array) and fits and boxes.dtype == "f32" and boxes.shape[-1:] == (5,):
        return boxes
    help = "give it what `decode_obb` gives"
    if isinstance(boxes, Record):
        help = "take the boxes of what is found, such as `found.boxes`"
    elif isinstance(boxes, Array) and boxes.kind is None and boxes.dtype == "f32":
        help = f"where it is declared, say what it is: `{boxes} rotated_boxes(cxcywh, radians)`"
    elif isinstance(boxes, Array) and boxes.kind == "rotated_boxes":
        help = "say in the contract what the numbers are: `rotated_boxes(cxcywh, radians)`"
    raise Problem(
        "E319",
        f"`{op}` works on rotated boxes",
        found=boxes.described(),
        wanted="f32[..., box=5] rotated_boxes(cxcywh, radians)",
        help=help,
    )


def cosine_sine(angle: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of float64 angles in radians; NaN of one that is NaN or beyond 100,000.

    The nearest multiple of a quarter turn is taken off, and series are summed for the rest: sums
    and products, which have the same bits everywhere.
    """
    angle = np.where(np.abs(angle) <= 1e5, angle, np.nan)
    turns = np.rint(angle * (2 / np.pi))
    rest = (angle - turns * QUARTER) - turns * QUARTER_REST
    square = rest * rest
    cosine, sine = np.zeros_like(rest), np.zeros_like(rest)
    for n in range(8, -1, -1):
        cosine = cosine * square + (-1) ** n / factorial(2 * n)
        sine = sine * square + (-1) ** n / factorial(2 * n + 1)
    sine = sine * rest
    quarter = turns - 4 * np.floor(turns / 4)
    odd = (quarter == 1) | (quarter == 3)
    first, second = np.where(odd, sine, cosine), np.where(odd, cosine, sine)
    return (
        np.where((quarter == 1) | (quarter == 2), -first, first),
        np.where(quarter >= 2, -second, second),
    )


QUARTER = 1.5707963267341256
"""A quarter turn in 33 bits, of which multiples up to 2**20 are exact."""
QUARTER_REST = 6.077100506506192e-11
"""What is left of pi / 2."""


def polygon_shares(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """The intersection over union of one rotated box with others [n, 5], float32.

    In the frame of the one box, which is upright there, the area that both have is the integral of
    the others' sides: over y within its height, of x cut to its width.
    """
    one, others = box.astype(np.float64), boxes.astype(np.float64)
    proper, proper_one = is_proper(boxes), bool(is_proper(box))
    others = np.where(proper[:, None], others, 0.0)
    one = np.where(proper_one, one, 0.0)
    cos_one, sin_one = cosine_sine(one[4])
    cos, sin = cosine_sine(others[:, 4])
    dx, dy = others[:, 0] - one[0], others[:, 1] - one[1]
    reach = 0.5 * ((one[2] + one[3]) + (others[:, 2] + others[:, 3]))
    near = dx * dx + dy * dy <= reach * reach
    u, v = dx * cos_one + dy * sin_one, dy * cos_one - dx * sin_one
    c, s = cos * cos_one + sin * sin_one, sin * cos_one - cos * sin_one
    half_w, half_h = 0.5 * others[:, 2], 0.5 * others[:, 3]
    wx, wy, hx, hy = half_w * c, half_w * s, -half_h * s, half_h * c
    xs = [u + wx + hx, u + wx - hx, u - wx - hx, u - wx + hx]
    ys = [v + wy + hy, v + wy - hy, v - wy - hy, v - wy + hy]
    w, h = 0.5 * one[2], 0.5 * one[3]
    sides = [_under(xs[i], ys[i], xs[i - 3], ys[i - 3], w, h) for i in range(4)]
    both = np.abs((sides[0] + sides[1]) + (sides[2] + sides[3]))
    area_one, areas = one[2] * one[3], others[:, 2] * others[:, 3]
    both = np.where(both > 1e-9 * np.minimum(area_one, areas), both, 0.0)
    share = both / np.where(proper & proper_one, (area_one + areas) - both, 1.0)
    return np.where(near & proper & proper_one, share, 0.0).astype(np.float32)


def _under(
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
    finite = np.abs(boxes) <= np.finfo(np.float32).max
    turned = np.abs(boxes[..., 4]) <= 1e5
    return finite.all(-1) & turned & (boxes[..., 2] > 0) & (boxes[..., 3] > 0)


def probiou_shares(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """One minus the Hellinger distance of the Gaussians of one box and of others, float32."""
    proper, proper_one = is_proper(boxes), bool(is_proper(box))
    one = np.where(proper_one, box.astype(np.float64), [0.0, 0, 1, 1, 0])
    others = np.where(proper[:, None], boxes.astype(np.float64), [0.0, 0, 1, 1, 0])
    a1, b1, c1 = _covariance(one)
    a2, b2, c2 = _covariance(others)
    dx, dy = others[:, 0] - one[0], others[:, 1] - one[1]
    a, b, c = a1 + a2, b1 + b2, c1 + c2
    whole = a * b - c * c
    near = 0.25 * ((a * (dy * dy) + b * (dx * dx)) - 2 * (c * (dx * dy))) / (whole + EPS)
    roots = np.sqrt(np.maximum(a1 * b1 - c1 * c1, 0.0)) * np.sqrt(
        np.maximum(a2 * b2 - c2 * c2, 0.0)
    )
    alike = 0.5 * np.log(whole / (4 * roots + EPS) + EPS)
    distance = np.clip(near + alike, EPS, 100.0)
    share = 1 - np.sqrt((1 - np.exp(-distance)) + EPS)
    return np.where(proper & proper_one, share, 0.0).astype(np.float32)


EPS = 1e-7


def _covariance(boxes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the Gaussians of rotated boxes: the variances of x and y, and their covariance."""
    cos, sin = cosine_sine(boxes[..., 4])
    w, h = boxes[..., 2] * boxes[..., 2] / 12, boxes[..., 3] * boxes[..., 3] / 12
    return (
        w * (cos * cos) + h * (sin * sin),
        w * (sin * sin) + h * (cos * cos),
        (w - h) * (cos * sin),
    )
