from procdsl.codegen.onnx.control import choose
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import equals

from .cv2_places_onnx import cv2_places
from .halved_f32_onnx import halved_f32
from .interpolated_f32_onnx import interpolated_f32


def cv2_linear_f32(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_LINEAR on float32 [..., h, w, c], as it computes without IPP."""
    sh, sw = x.size(-3), x.size(-2)

    def interpolated() -> Tensor:
        return interpolated_f32(x, cv2_places(sh, h), cv2_places(sw, w))

    def smaller() -> Tensor:
        half = equals(sh, 2 * h) & equals(sw, 2 * w)
        return choose(half, lambda: halved_f32(x, h, w), interpolated)

    return choose(equals(sh, h) & equals(sw, w), lambda: x, smaller)
