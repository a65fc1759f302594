import math

from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, cosine, equals, sine, where

from .convolved_onnx import Taps, convolved
from .cv2_places_onnx import cv2_places

S = 0.70710678118654752440
TURNS = [(1.0, 0.0), (-S, -S), (0.0, 1.0), (S, -S), (-1.0, 0.0), (S, S), (0.0, -1.0), (-S, S)]
"""By tap, how much of the sine and of the cosine of the first angle is in that of the tap."""


def cv2_lanczos4(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_LANCZOS4 on [..., h, w, c]."""
    sh, sw = x.size(-3), x.size(-2)
    same = equals(sh, h) & equals(sw, w)
    rows, columns = cv2_lanczos4_taps(sh, h), cv2_lanczos4_taps(sw, w)
    return choose(same, lambda: x, lambda: convolved(x, rows, columns))


def cv2_lanczos4_taps(source: Size, target: Size) -> Taps:
    """For each target pixel eight source pixels and their weights."""
    left, f = cv2_places(source, target)
    start = -(f + 3).cast("f64") * math.pi * 0.25
    weights: list[Tensor] = []
    for tap, (p, q) in enumerate(TURNS):
        distance = (f + 3) - tap if tap else f + 3
        y = -distance.cast("f64") * math.pi * 0.25
        near = abs(distance) < 1e-6
        far = (sine(start) * p + cosine(start) * q) / where(near, 1.0, y * y)
        weights.append(where(near, 1e30, far).cast("f32"))
    total = weights[0]
    for weight in weights[1:]:
        total = total + weight
    index = [clip(left + (k - 3) if k != 3 else left, 0, source - 1) for k in range(8)]
    return index, [weight * (1 / total) for weight in weights]
