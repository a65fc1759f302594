from procdsl.codegen.onnx.axes import arange, part, unsqueeze
from procdsl.codegen.onnx.graph import Size, Tensor
from procdsl.codegen.onnx.operators import where

from ..boxes.sides_onnx import sides as sides_of


def cropped_masks(masks: Tensor, boxes: Tensor, sides: tuple[int, int] | None) -> Tensor:
    """Masks [..., n, h, w] with 0 outside of their boxes, which are in a picture of these sides.

    Without sides it has those of the masks.
    """
    x, y = sides_of(boxes)
    h, w = masks.size(-2), masks.size(-1)
    across = within(x, w, sides[1] if sides else None)
    down = within(y, h, sides[0] if sides else None)
    inside = unsqueeze(down, -1) & unsqueeze(across, -2)
    return inside & masks if masks.dtype == "bool" else where(inside, masks, 0)


def within(ends: Tensor, size: Size, of: int | None) -> Tensor:
    """For each place along an axis of a mask whether it lies between two ends."""
    if of is not None:
        ends = ends * (size.cast("f32") if isinstance(size, Tensor) else float(size)) / float(of)
    places = arange(size, "f32")
    first, last = part(ends, 0, 1, -1), part(ends, 1, 2, -1)
    return (first <= places) & (places < last)
