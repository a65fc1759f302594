from procdsl.codegen.onnx.graph import Size, Tensor

from .cv2_places_onnx import cv2_places
from .interpolated_onnx import interpolated
from .weights_11_bit_onnx import weights_11_bit, weights_of_columns


def cv2_linear(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_LINEAR on uint8 [..., h, w, c], in its fixed point."""
    rows = weights_11_bit(*cv2_places(x.size(-3), h))
    columns = weights_11_bit(*cv2_places(x.size(-2), w))
    return interpolated(x, rows, weights_of_columns(x.size(-2), columns))
