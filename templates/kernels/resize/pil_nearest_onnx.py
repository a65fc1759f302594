from procdsl.codegen.onnx.graph import Size, Tensor

from .picked_pixels_onnx import picked_pixels
from .stepped_places_onnx import stepped_places


def pil_nearest(x: Tensor, h: Size, w: Size) -> Tensor:
    """Pillow's NEAREST of [..., h, w, c]."""
    return picked_pixels(x, stepped_places(x.size(-3), h), stepped_places(x.size(-2), w))
