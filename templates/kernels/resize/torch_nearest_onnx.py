from procdsl.codegen.onnx.axes import arange
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import minimum, tensor

from .picked_pixels_onnx import picked_pixels


def torch_nearest(x: Tensor, h: Size, w: Size, offset: float) -> Tensor:
    """torch's `nearest` of [..., h, w, c] (`offset` 0), or its `nearest-exact` (0.5)."""
    rows = torch_nearest_places(x.size(-3), h, offset)
    return picked_pixels(x, rows, torch_nearest_places(x.size(-2), w, offset))


def torch_nearest_places(source: Size, target: Size, offset: float) -> Tensor:
    """The source index of each target pixel, in float32."""
    scale = tensor(source).cast("f32") / tensor(target).cast("f32")
    place = arange(target, "f32")
    place = place + offset if offset else place
    return minimum((place * scale).cast("i64"), source - 1)
