from procdsl.codegen.onnx.graph import Tensor
from procdsl.codegen.onnx.operators import floor, rounded

from .warped_pixels_onnx import warped_pixels
from .warped_places_onnx import warped_places, warped_places_1024


def warped_nearest(x: Tensor, matrix: Tensor, h: int, w: int, fill: float, fixed: bool) -> Tensor:
    """OpenCV's warpAffine with INTER_NEAREST: that of OpenCV 5, or `fixed` up to 4."""
    source = x.size(-3), x.size(-2)
    if fixed:
        rows, columns = (floor(v / 1024) for v in warped_places_1024(matrix, h, w, source, 512))
    else:
        rows, columns = (rounded(v) for v in warped_places(matrix, h, w, source))
    return warped_pixels(x, rows.cast("i64"), columns.cast("i64"), fill)
