from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import floor, ratio


def cv2_places(source: Size, target: Size) -> tuple[Tensor, Tensor]:
    """The source pixel left of each target pixel, and the fraction of the way to the next."""
    scale = 1 / ratio(target, source)
    place = ((arange(target, "f64") + 0.5) * scale - 0.5).cast("f32")
    left = floor(place)
    return left.cast("i64"), place - left
