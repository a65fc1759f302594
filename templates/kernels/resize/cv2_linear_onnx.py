from procdsl.codegen.onnx.graph import Size, Tensor

from ..geometry.placement_onnx import Placement
from .cv2_places_onnx import cv2_places
from .interpolated_onnx import interpolated
from .weights_11_bit_onnx import weights_11_bit, weights_of_columns
from .window_of_onnx import of_crop, seen, windows_of


def cv2_linear(x: Tensor, h: Size, w: Size, part: Placement | None = None) -> Tensor:
    """OpenCV's INTER_LINEAR on uint8 [..., h, w, c], in its fixed point, or a part of it."""
    down, across = windows_of(part, h, w)
    top, g = (seen(numbers, down, h) for numbers in cv2_places(x.size(-3), h))
    left, f = (seen(numbers, across, w) for numbers in cv2_places(x.size(-2), w))
    columns = weights_of_columns(x.size(-2), weights_11_bit(left, f))
    return of_crop(interpolated(x, weights_11_bit(top, g), columns), part)
