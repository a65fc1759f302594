from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

from ..geometry.placement_onnx import Placement
from .cv2_places_onnx import cv2_places
from .halved_f32_onnx import halved_f32
from .interpolated_f32_onnx import interpolated_f32
from .window_of_onnx import of_crop, seen, windows_of


def cv2_linear_f32(x: Tensor, h: Size, w: Size, part: Placement | None = None) -> Tensor:
    """OpenCV's INTER_LINEAR on float32 [..., h, w, c], as without IPP, or a part of its result."""
    sh, sw = x.size(-3), x.size(-2)
    down, across = windows_of(part, h, w)

    def cut(y: Tensor) -> Tensor:
        return seen(seen(y, down, h, -3), across, w, -2)

    def interpolated() -> Tensor:
        top, g = (seen(numbers, down, h) for numbers in cv2_places(sh, h))
        left, f = (seen(numbers, across, w) for numbers in cv2_places(sw, w))
        return interpolated_f32(x, (top, g), (left, f))

    def smaller() -> Tensor:
        half = equals(sh, 2 * h) & equals(sw, 2 * w)
        return choose(half, lambda: cut(halved_f32(x, h, w)), interpolated)

    return of_crop(choose(equals(sh, h) & equals(sw, w), lambda: cut(x), smaller), part)
