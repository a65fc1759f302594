from procdsl.codegen.onnx.axes import concat
from procdsl.codegen.onnx.graph import Size, Tensor, constant

from ..geometry.for_samples_onnx import for_samples


def boxes_scaled(boxes: Tensor, size: tuple[Size, Size], to_pixels: bool, y_first: bool) -> Tensor:
    """Boxes in pixels of pictures of this height and width, or in 0..1 of them."""
    h, w = (one(side, boxes) for side in size)
    by = concat([h, w, h, w] if y_first else [w, h, w, h], -1)
    return boxes * by if to_pixels else boxes / by


def one(side: Size, boxes: Tensor) -> Tensor:
    """A side of each picture, or of all, as what meets boxes along their axes."""
    found = for_samples(side, boxes)
    return found if isinstance(found, Tensor) else constant([float(found)], "f32")
