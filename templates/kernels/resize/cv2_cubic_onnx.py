from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import clip, equals

from .convolved_onnx import Taps, convolved
from .cv2_places_onnx import cv2_places


def cv2_cubic(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_CUBIC on [..., h, w, c], as it computes without IPP."""
    sh, sw = x.size(-3), x.size(-2)
    same = equals(sh, h) & equals(sw, w)
    rows, columns = cv2_cubic_taps(sh, h), cv2_cubic_taps(sw, w)
    return choose(same, lambda: x, lambda: convolved(x, rows, columns))


def cv2_cubic_taps(source: Size, target: Size) -> Taps:
    """For each target pixel four source pixels and their weights."""
    left, f = cv2_places(source, target)
    g, r = f + 1, 1 - f
    first = ((-0.75 * g + 3.75) * g - 6) * g + 3
    second = (1.25 * f - 2.25) * f * f + 1
    third = (1.25 * r - 2.25) * r * r + 1
    index = [clip(left - 1, 0, source - 1), clip(left, 0, source - 1)]
    index += [clip(left + k, 0, source - 1) for k in (1, 2)]
    return index, [first, second, third, 1 - first - second - third]
