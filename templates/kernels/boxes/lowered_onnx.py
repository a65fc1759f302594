from procdsl.codegen.onnx.axes import one, smallest, squeeze
from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import bound_in_f32, exp, is_nan, maximum, minimum, where

from .rotated_shares_onnx import polygon_shares, probiou_shares


def lowered(
    box: Tensor, boxes: Tensor, values: Tensor, measure: str, bound: float, sigma: float
) -> Tensor:
    """What a box [1, k] leaves of the scores of others [n]; NaN of those that it drops."""
    if measure in ("polygon", "probiou"):
        shares = polygon_shares if measure == "polygon" else probiou_shares
        return where(shares(box, boxes) > bound_in_f32(bound), float("nan"), values)
    share = upright_shares(box, boxes)
    if measure == "linear":
        return values * where(share > bound_in_f32(bound), 1 - share, 1)
    square = share.cast("f64") * share.cast("f64")
    left = exp(-square / sigma).cast("f32")
    return values * where(is_nan(left), 1, left)


def upright_shares(box: Tensor, boxes: Tensor) -> Tensor:
    """The intersection over union of a box with others; 0 where a number is not finite."""
    known = is_finite(box) & is_finite(boxes)
    ax1, ay1, ax2, ay2 = corners(box)
    x1, y1, x2, y2 = corners(boxes)
    w, h = minimum(ax2, x2) - maximum(ax1, x1), minimum(ay2, y2) - maximum(ay1, y1)
    inter = maximum(w, 0) * maximum(h, 0)
    area = (ax2 - ax1) * (ay2 - ay1)
    return where(known, inter / ((area + (x2 - x1) * (y2 - y1)) - inter), 0)


def is_finite(boxes: Tensor) -> Tensor:
    """Whether all numbers of boxes [n, k] are finite."""
    most = 3.4028234663852886e38
    return squeeze(smallest((abs(boxes) <= most).cast("u8"), [-1]), -1) > 0


def corners(boxes: Tensor) -> list[Tensor]:
    """x1, y1, x2, y2; 0 in place of NaN, of which no minimum is known."""
    plain = where(is_nan(boxes), 0, boxes)
    return [one(plain, at, -1) for at in range(4)]
