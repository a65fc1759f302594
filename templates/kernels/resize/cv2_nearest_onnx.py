from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import minimum, ratio

from .picked_pixels_onnx import picked_pixels


def cv2_nearest(x: Tensor, h: Size, w: Size) -> Tensor:
    """OpenCV's INTER_NEAREST of [..., h, w, c]."""
    rows, columns = cv2_nearest_places(x.size(-3), h), cv2_nearest_places(x.size(-2), w)
    return picked_pixels(x, rows, columns)


def cv2_nearest_places(source: Size, target: Size) -> Tensor:
    """The source index of each target pixel."""
    place = arange(target, "f64") * (1 / ratio(target, source))
    return minimum(place.cast("i64"), source - 1)
