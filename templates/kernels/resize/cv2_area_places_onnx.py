from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import floor, ratio, where


def cv2_area_places(source: Size, target: Size) -> tuple[Tensor, Tensor]:
    """For an enlargement: the source pixel of each target pixel, and the fraction of the way."""
    inverse = ratio(target, source)
    i = arange(target, "f64")
    left = floor(i * (1 / inverse))
    fraction = ((i + 1) - (left + 1) * inverse).cast("f32")
    return left.cast("i64"), where(fraction <= 0, 0, fraction - floor(fraction))
